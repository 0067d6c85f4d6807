//! No text makes the reader of diagrams panic or hang, and what it accepts can be shown.

use diagram_layers::read;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use crate::diagrams::{self, everything};

const CASES: u32 = 10_000;

/// A change of a value of JSON.
#[derive(Clone, Debug)]
enum Change {
    Delete,
    Repeat,
    /// By one of some values.
    Replace(usize),
    /// By another value of the same diagram.
    Copy(usize),
    /// With another value of the same diagram.
    Swap(usize),
    /// A number becomes another near it.
    Add(i64),
    /// A field gets another name.
    Rename(usize),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Delete),
        Just(Change::Repeat),
        any::<usize>().prop_map(Change::Replace),
        any::<usize>().prop_map(Change::Copy),
        any::<usize>().prop_map(Change::Swap),
        (-3..4_i64).prop_map(Change::Add),
        any::<usize>().prop_map(Change::Rename),
    ]
}

/// Values that stand in no diagram, or where another is meant.
fn values() -> Vec<Value> {
    vec![
        json!(null),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(1e308),
        json!(0.5),
        json!(true),
        json!(""),
        json!("batch"),
        json!("x\"y\n"),
        json!([]),
        json!({}),
        json!(["Mul", u64::MAX, "batch"]),
        json!(["Div", "batch", 0]),
        json!(["Sub", ["Rem", "batch", 0], u64::MAX]),
    ]
}

/// The places of all values, as pointers.
fn places(value: &Value, place: &str, found: &mut Vec<String>) {
    found.push(place.to_owned());
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                places(item, &format!("{place}/{index}"), found);
            }
        }
        Value::Object(fields) => {
            for (field, item) in fields {
                places(item, &format!("{place}/{field}"), found);
            }
        }
        _ => {}
    }
}

fn apply(data: &mut Value, places: &[String], at: usize, change: &Change) {
    let place = &places[at % places.len()];
    let Some(here) = data.pointer(place).cloned() else {
        return; // an earlier change has taken it away
    };
    let set = |data: &mut Value, place: &str, value: Value| {
        if let Some(old) = data.pointer_mut(place) {
            *old = value;
        }
    };
    let other = |index: usize| places[index % places.len()].clone();
    match change {
        Change::Replace(index) => {
            let values = values();
            set(data, place, values[index % values.len()].clone());
        }
        Change::Copy(index) => {
            let value = data.pointer(&other(*index)).cloned();
            set(data, place, value.unwrap_or_default());
        }
        Change::Swap(index) => {
            let place_of_other = other(*index);
            let value = data.pointer(&place_of_other).cloned().unwrap_or_default();
            set(data, place, value);
            set(data, &place_of_other, here);
        }
        Change::Add(step) => {
            if let Some(number) = here.as_i64() {
                set(data, place, json!(number.saturating_add(*step)));
            }
        }
        Change::Delete | Change::Repeat | Change::Rename(_) => {
            let Some((parent, field)) = place.rsplit_once('/') else {
                return;
            };
            match data.pointer_mut(parent) {
                Some(Value::Array(items)) => {
                    let index = field.parse().unwrap_or(0);
                    match change {
                        Change::Delete => _ = items.remove(index),
                        _ => items.insert(index, here),
                    }
                }
                Some(Value::Object(fields)) => {
                    fields.remove(field);
                    if let Change::Rename(index) = change {
                        let other = other(*index);
                        let name = other.rsplit('/').next().unwrap_or_default();
                        fields.insert(name.to_owned(), here);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Reads a text; what is accepted is shown in every form, and is read again as it is.
fn is_read(text: &str) -> bool {
    let Ok(diagram) = read(text) else {
        return false;
    };
    let shown = [
        diagram.to_string(),
        diagram.mermaid(),
        diagram.plan().to_string(),
    ];
    assert!(shown.iter().all(|text| !text.is_empty()));
    let again = read(&diagrams::json(&diagram));
    assert_eq!(again.as_ref(), Ok(&diagram));
    true
}

#[test]
fn corrupted_diagrams() {
    let zoo = diagrams::all().into_iter();
    let zoo = zoo.filter(|found| found.clean && found.file.contains("diagram-codegen/tests/zoo"));
    let mut all: Vec<Value> = zoo
        .map(|found| serde_json::to_value(&found.diagram).expect("data"))
        .collect();
    assert!(all.len() > 5, "{}", all.len());
    all.push(serde_json::to_value(everything()).expect("data"));
    let all: Vec<_> = all
        .into_iter()
        .map(|data| {
            let mut found = Vec::new();
            places(&data, "", &mut found);
            (data, found)
        })
        .collect();
    let changes = proptest::collection::vec((any::<usize>(), change()), 1..4);
    let case = (any::<usize>(), changes, any::<u16>());
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner =
        TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let accepted = std::cell::Cell::new(0);
    let result = runner.run(&case, |(which, changes, cut)| {
        let (data, places) = &all[which % all.len()];
        let mut data = data.clone();
        for (at, change) in &changes {
            apply(&mut data, places, *at, change);
        }
        let mut text = data.to_string();
        // One in sixteen is cut off.
        if cut % 16 == 0 {
            let mut end = usize::from(cut) % text.len();
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            text.truncate(end);
        }
        accepted.set(accepted.get() + u32::from(is_read(&text)));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
    // Some changes are of texts and names, which are free, and some change nothing.
    let accepted = accepted.get();
    assert!((100..CASES / 2).contains(&accepted), "{accepted}");
}

#[test]
fn deep_and_large_diagrams() {
    let data = serde_json::to_value(everything()).expect("data");
    let text = data.to_string();
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(5000), close.repeat(5000));
    let dim = r#""dims":["batch",8]"#;
    assert!(text.contains(dim));
    for nested in [
        deep("[", "]"),
        deep(r#"["Add",1,"#, "]"),
        deep(r#"{"Binary":"#, "}"),
        format!("{}1{}", r#"["Add",1,"#.repeat(50), "]".repeat(50)),
        format!(
            "{}\"batch\"{}",
            r#"["Mul","batch","#.repeat(50),
            "]".repeat(50)
        ),
        format!(
            "{}\"hidden\"{}",
            r#"["Mul",["Add","hidden","batch"],"#.repeat(40),
            "]".repeat(40)
        ),
        "1e400".to_owned(),
        "184467440737095516150".to_owned(),
    ] {
        is_read(&text.replacen(dim, &format!(r#""dims":["batch",{nested}]"#), 1));
    }
    for text in ["", "null", "{", "[]", "{}", "{\"format\":1}", "\u{feff}{}"] {
        assert!(!is_read(text), "{text}");
    }
    // Powers of powers, each of the one before twice.
    let mut data = data;
    let terms = data["paths"]["terms"].as_array_mut().expect("paths");
    let input = terms.iter().position(|term| term.get("Input").is_some());
    let mut last = input.expect("an input");
    for _ in 0..200 {
        let power = json!({"Power": [{"body": [last], "times": "depth"}, [last]]});
        terms.push(power);
        last = terms.len() - 1;
    }
    assert!(!is_read(&data.to_string()));
}
