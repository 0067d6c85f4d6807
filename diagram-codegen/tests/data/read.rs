//! What is written is read again as it was, and what is wrong is said at its place.

use std::time::Instant;

use diagram_core::{Diagram, Number};
use diagram_layers::read;
use proptest::prelude::*;
use serde_json::{Value, json as value};

use crate::diagrams::{self, everything, json};

#[test]
fn every_diagram_goes_out_and_in_again() {
    let all = diagrams::all();
    for found in &all {
        let text = json(&found.diagram);
        let again: Diagram = serde_json::from_str(&text).expect("what was written");
        assert_eq!(again, found.diagram, "{}", found.file);
    }
    let zoo = all.iter().filter(|found| found.file.contains("codegen"));
    assert!(zoo.count() > 30);
}

#[test]
fn every_diagram_without_fault_is_read_as_it_was_written() {
    let clean: Vec<_> = diagrams::all()
        .into_iter()
        .filter(|found| found.clean)
        .collect();
    let wrong = clean.iter().filter_map(|found| {
        let name = &found.diagram.name;
        match read(&json(&found.diagram)) {
            Ok(again) if again == found.diagram => None,
            Ok(_) => Some(format!("`{name}` of {} is another", found.file)),
            Err(error) => Some(format!("`{name}` of {}: {error}", found.file)),
        }
    });
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(clean.len() > 300, "{}", clean.len());
}

#[test]
fn a_diagram_with_every_construct_is_read_as_it_was_written() {
    let diagram = everything();
    assert_eq!(read(&json(&diagram)), Ok(diagram));
}

proptest! {
    #[test]
    fn every_number_is_read_as_it_was_written(value in proptest::num::f64::NORMAL | proptest::num::f64::SUBNORMAL) {
        let number = Number::new(value).expect("finite");
        let text = serde_json::to_string(&number).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Number>(&text).expect("a number"), number);
    }
}

/// The JSON of the diagram with every construct, where this value stands at a place.
fn with(place: &str, value: &str) -> String {
    let mut data: Value = serde_json::from_str(&json(&everything())).expect("JSON");
    let value = serde_json::from_str(value).expect("a value");
    match data.pointer_mut(place) {
        Some(old) => *old = value,
        None => {
            let (parent, field) = place.rsplit_once('/').expect("a place");
            let parent = data.pointer_mut(parent).expect(place);
            match parent {
                Value::Array(items) => items.push(value),
                parent => parent[field] = value,
            }
        }
    }
    data.to_string()
}

/// The places of the parts of the diagram with every construct.
fn places() -> Value {
    serde_json::from_str(&json(&everything())).expect("JSON")
}

fn index(list: &str, name: &str) -> usize {
    let places = places();
    let items = places[list].as_array().expect("a list");
    let found = items.iter().position(|item| item["name"] == name);
    found.unwrap_or_else(|| panic!("no `{name}` in `{list}`"))
}

/// A place in the first path of a kind.
fn term(kind: &str, rest: &str) -> String {
    let places = places();
    let mut terms = places["paths"]["terms"].as_array().expect("a list").iter();
    let index = terms.position(|term| term.get(kind).is_some());
    format!("/paths/terms/{}{rest}", index.expect("a path"))
}

fn morphism(name: &str, rest: &str) -> String {
    format!("/morphisms/{}{rest}", index("morphisms", name))
}

fn object(name: &str, rest: &str) -> String {
    format!("/objects/{}{rest}", index("objects", name))
}

fn cell(name: &str, rest: &str) -> String {
    format!("/cells/{}{rest}", index("cells", name))
}

fn step(name: &str, at: usize, rest: &str) -> String {
    morphism(name, &format!("/definition/Layers/steps/{at}{rest}"))
}

/// A place in the arguments of the first layer of a morphism.
fn argument(name: &str, rest: &str) -> String {
    step(name, 0, &format!("/kind/Layer/call/arguments{rest}"))
}

/// What is said where each value stands at its place.
fn said(cases: &[(String, &str)]) -> String {
    let said = cases.iter().map(|(place, value)| {
        let said = match read(&with(place, value)) {
            Ok(_) => "is read".to_owned(),
            Err(error) => error.to_string(),
        };
        format!("{place} = {value}\n{said}\n")
    });
    said.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_is_wrong_with_forms_names_and_dims() {
    let cases = [
        // The form.
        ("/format".into(), "2"),
        ("/format".into(), "\"one\""),
        ("/hypers/0/typ".into(), "\"Size\""),
        ("/objects/0/shape/dims/0".into(), "-1"),
        ("/objects/0/shape/kind".into(), "\"Double\""),
        // Names.
        ("/name".into(), "\"\""),
        ("/objects/1/name".into(), "\"Image\""),
        ("/objects/1/name".into(), "\"an image\""),
        ("/dynamics/1".into(), "\"batch\""),
        (cell("soft", "/name"), "\"hard\""),
        ("/data/1/field".into(), "\"image\""),
        ("/learned/0/start".into(), "0.0"),
        ("/learned/1/name".into(), "\"soft_temperature\""),
        // Ids.
        (morphism("encode", "/domain/0/object"), "99"),
        ("/data/0/space/object".into(), "99"),
        (morphism("guide", "/definition/Method/of"), "99"),
        (morphism("slow", "/average/of"), "99"),
        (term("Datum", "/Datum"), "99"),
        (term("Apply", "/Apply/0"), "99"),
        (term("Apply", "/Apply/1/0"), "9999"),
        (cell("soft", "/ends/0"), "9999"),
        (cell("guided", "/weight/Learned"), "9"),
        ("/index_ranges/0/datum".into(), "99"),
        ("/index_ranges/0/of".into(), "{\"Classes\": 99}"),
        // Dims and facts.
        ("/objects/0/shape/dims/0".into(), "\"bacth\""),
        ("/objects/0/shape/dims/0".into(), "\"temperature\""),
        ("/objects/0/shape/dims/1".into(), "0"),
        ("/facts/0/right".into(), "5"),
        ("/data/5/space/dims/0/0".into(), "\"hidden\""),
        ("/data/5/space/dims/0/1".into(), "\"batch\""),
    ];
    insta::assert_snapshot!("what_is_wrong_with_forms_names_and_dims", said(&cases));
}

#[test]
fn what_is_wrong_with_definitions() {
    let cases = [
        // Layers.
        (step("head", 1, "/kind/Layer/call/name"), "\"lineer\""),
        (step("encode", 0, "/output/0/dims/1"), "7"),
        (
            step("encode", 0, "/kind/Layer/cost"),
            "{\"parameters\": 1, \"operations\": null}",
        ),
        (step("encode", 0, "/kind/Layer/traits/matrix"), "false"),
        (
            step("encode", 0, "/kind/Layer/limits"),
            "[{\"argument\": \"a\", \"given\": {\"Size\": \"hidden\"}, \"range\": {\"low\": \"Unbounded\", \"high\": \"Unbounded\"}}]",
        ),
        (argument("encode", "/0/value"), "{\"Size\": 0}"),
        (argument("encode", "/0/value"), "{\"Size\": \"batch\"}"),
        (argument("encode", "/0/value"), "{\"Word\": \"wide\"}"),
        (argument("encode", "/0/name"), "\"d_outptu\""),
        (argument("encode", "/1/name"), "\"d_output\""),
        (
            argument("encode", "/1/value"),
            "{\"Flag\": {\"Hyper\": \"hidden\"}}",
        ),
        (
            morphism(
                "tuned",
                "/definition/Layers/steps/1/kind/Layer/call/arguments/0/value",
            ),
            "{\"Float\": {\"Number\": 1.5}}",
        ),
        (
            morphism(
                "tuned",
                "/definition/Layers/steps/1/kind/Layer/call/arguments",
            ),
            "[]",
        ),
        (step("step", 0, "/kind/Combinator/Power/times"), "0"),
        (
            step("encode", 1, "/kind/Combinator/Repeat/copies"),
            "\"many\"",
        ),
        (
            step("head", 0, "/kind/Combinator"),
            "{\"Unrolled\": {\"copies\": 18446744073709551615}}",
        ),
        (
            step("pair", 0, "/kind/Combinator/Parallel/chains"),
            "[1, 1]",
        ),
        (morphism("encode", "/definition/Layers/steps"), "[]"),
        (morphism("encode", "/definition/Layers/parameters"), "false"),
        (morphism("encode", "/codomain/0/object"), "4"),
        (morphism("encode", "/codomain"), "[]"),
        (morphism("encode", "/drawn"), "false"),
        // Other definitions.
        (morphism("noise", "/frozen"), "true"),
        (morphism("guide", "/frozen"), "false"),
        (morphism("guide", "/definition/Method/of"), "0"),
        (morphism("slow", "/average/decay"), "{\"Number\": 2.0}"),
        (morphism("slow", "/average/of"), "1"),
        (morphism("slow", "/frozen"), "true"),
        (morphism("tuned", "/adapters/rank"), "0"),
        (morphism("tuned", "/frozen"), "true"),
        (
            morphism("start", "/definition/Parameter/initializer/name"),
            "\"xavier_uniform\"",
        ),
        (
            morphism("start", "/definition/Parameter/initializer/name"),
            "\"zeroes\"",
        ),
        (morphism("model", "/domain/0/object"), "1"),
    ];
    insta::assert_snapshot!("what_is_wrong_with_definitions", said(&cases));
}

#[test]
fn what_is_wrong_with_paths_and_cells() {
    let cases = [
        // Paths.
        (term("Apply", "/Apply/1"), "[]"),
        (term("Apply", "/Apply/0"), "11"),
        (term("Apply", "/Apply/2"), "99999"),
        (term("Factor", "/Factor/1"), "7"),
        (term("Power", "/Power/0/times"), "\"many\""),
        (term("Power", "/Power/0/body"), "[]"),
        (term("Scale", "/Scale/1/of"), "{\"Hyper\": \"hidden\"}"),
        (term("Number", "/Number/1/without"), "7"),
        ("/paths/terms/1".into(), "{\"Datum\": 0}"),
        ("/paths/terms/0".into(), "{\"Stop\": 0}"),
        // Cells.
        (cell("soft", "/loss/Loss/name"), "\"kll\""),
        (cell("soft", "/loss/Loss/name"), "\"accuracy\""),
        (cell("soft", "/loss/Loss/name"), "\"mse\""),
        (cell("soft", "/ends"), "[]"),
        (cell("soft", "/weight/Scalar/Number"), "-1.0"),
        (cell("near", "/weight/Scalar/Hyper"), "\"hidden\""),
        (cell("hits", "/weight/Scalar/Number"), "0.5"),
        (cell("hard", "/mask/path"), "0"),
        (cell("still", "/loss/Loss/arguments"), "[]"),
        (
            cell("hard", "/limits"),
            "[{\"argument\": \"a\", \"given\": {\"Float\": \"temperature\"}, \"range\": {\"low\": \"Unbounded\", \"high\": \"Unbounded\"}}]",
        ),
        ("/index_ranges".into(), "[]"),
        (morphism("encode", "/frozen"), "true"),
        // What is learned.
        (
            object("Mean", "/default_loss/Loss/arguments/0/value"),
            "{\"Float\": {\"Learned\": 0}}",
        ),
        (
            object("Mean", "/default_loss/Loss/arguments/0/value"),
            "{\"Float\": {\"LearnedFrom\": 0.0}}",
        ),
        (
            cell("soft", "/loss/Loss/arguments/0/value"),
            "{\"Float\": {\"LearnedFrom\": 2.0}}",
        ),
        (
            cell("soft", "/loss/Loss/arguments/0/value"),
            "{\"Float\": {\"Number\": 2.0}}",
        ),
        (term("Scale", "/Scale/1/of"), "{\"Number\": 0.0}"),
        (term("Scale", "/Scale/1/of"), "{\"Number\": -0.5}"),
    ];
    insta::assert_snapshot!("what_is_wrong_with_paths_and_cells", said(&cases));
}

#[test]
fn errors_are_at_the_innermost_place() {
    let number = |value: &str| format!(r#"{{"Float": {{"Number": {value}}}}}"#);
    let call = |name: &str, value: &str| {
        let value = number(value);
        format!(r#"{{"name": "normal", "arguments": [{{"name": "{name}", "value": {value}}}]}}"#)
    };
    let inner = "/inner/0/kind/Layer/call/arguments/0/value/Call/arguments/0";
    let initializer = morphism("start", "/definition/Parameter/initializer");
    let fact = |left: &str, right: &str| {
        format!(r#"{{"left": {left}, "relation": "==", "right": {right}}}"#)
    };
    let facts = |asserted: &str| {
        let stated = fact(r#""hidden""#, "8");
        format!(r#"{{"stated": [{stated}], "asserted": [{asserted}]}}"#)
    };
    let constant = fact(r#""CLASSES""#, "10");
    for (place, value, said) in [
        (
            step("step", 0, &format!("{inner}/value")),
            number("-1.0"),
            "at `{step}.definition.Layers.steps[0].inner[0].kind.Layer.call.arguments[0].value.Call.arguments[0]`, \
             in the morphism `step`: ",
        ),
        (
            step("step", 0, &format!("{inner}/name")),
            r#""stdd""#.to_owned(),
            "at `{step}.definition.Layers.steps[0].inner[0].kind.Layer.call.arguments[0].value.Call.arguments[0]`, \
             in the morphism `step`: `normal` has no argument `stdd`",
        ),
        (
            initializer.clone(),
            call("std", "-1.0"),
            "at `{start}.definition.Parameter.initializer.arguments[0]`, in the morphism `start`: ",
        ),
        (
            initializer,
            call("stdd", "1.0"),
            "at `{start}.definition.Parameter.initializer.arguments[0]`, in the morphism `start`: `normal` has no",
        ),
        (
            morphism("tuned", "/adapters/alpha/Number"),
            "-1.0".to_owned(),
            "at `{tuned}.adapters.alpha`, in the morphism `tuned`: ",
        ),
        (
            "/facts/1".into(),
            fact("[\"Rem\", \"hidden\", 0]", "1"),
            "at `facts[1]`: `hidden % 0 == 1` divides by 0",
        ),
        (
            "/facts/1".into(),
            fact("\"hiden\"", "1"),
            "at `facts[1]`: there is no dim `hiden`",
        ),
        (
            "/facts/1".into(),
            fact("\"hidden\"", "7"),
            "at `facts[1]`: `hidden % 2 == 0` and `hidden == 7` cannot both hold",
        ),
        (
            "/facts".into(),
            facts(&format!("{constant}, {}", fact("\"hidden\"", "8"))),
            "at `facts.asserted[1]`: `hidden == 8` is asserted, and is not about constants alone",
        ),
        (
            "/facts".into(),
            facts(&constant).replace("\"hidden\"", "\"hiden\""),
            "at `facts.stated[0]`: there is no dim `hiden`",
        ),
    ] {
        let error = read(&with(&place, &value)).expect_err(&place).to_string();
        let said = ["step", "start", "tuned"]
            .iter()
            .fold(said.to_owned(), |said, name| {
                let place = format!("morphisms[{}]", index("morphisms", name));
                said.replace(&format!("{{{name}}}"), &place)
            });
        assert!(error.starts_with(&said), "{place} = {value}\n{error}");
    }
}

/// The body of each power has that of the one before.
#[test]
fn too_many_terms_are_told_without_unfolding_them() {
    let mut data: Value = serde_json::from_str(&json(&everything())).expect("JSON");
    let terms = data["paths"]["terms"].as_array_mut().expect("terms");
    let input = terms.iter().position(|term| term.get("Input").is_some());
    let mut last = input.expect("an input");
    for _ in 0..100_000 {
        terms.push(value!({"Power": [{"body": [last], "times": "depth"}, [last]]}));
        last = terms.len() - 1;
    }
    let start = Instant::now();
    let error = read(&data.to_string()).expect_err("too many terms");
    println!("{:.2} s", start.elapsed().as_secs_f64());
    let said =
        "at `paths`: the paths of this diagram apply morphisms more than 20000 times [D0312]";
    assert_eq!(error.to_string(), said);
}
