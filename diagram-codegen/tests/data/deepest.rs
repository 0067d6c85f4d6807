//! The deepest and longest diagrams that the macro accepts are read as they are written.

use diagram_codegen::{Checked, check};
use diagram_core::Diagram;
use diagram_layers::read;
use serde_json::json;

use crate::diagrams::json;

fn checked(items: &str) -> Checked {
    check(&format!(
        "Deep(hidden: usize = 8, step: usize = 2) {{ dyn batch; {items} }}"
    ))
}

/// The diagram with these items is without fault, and is read as it is written, with its rules and without them.
fn is_read(items: &str) {
    let checked = checked(items);
    let faults: Vec<_> = checked.faults.iter().map(|found| &found.fault).collect();
    assert!(faults.is_empty(), "{faults:?} of {items}");
    let diagram = &checked.diagrams[0];
    let text = json(diagram);
    let plain: Diagram = serde_json::from_str(&text).expect("a diagram");
    assert_eq!(plain, *diagram, "{items}");
    assert_eq!(read(&text).as_ref(), Ok(diagram), "{items}");
}

/// Dims of as many operands as there may be, in this many parentheses where they nest.
fn dims(parentheses: usize) -> Vec<String> {
    let chain = |operand: &str, op: &str| vec![operand; 256].join(op);
    let nested = |before: &str| {
        let (open, close) = (before.repeat(parentheses), ")".repeat(parentheses));
        format!("{open}hidden{close}")
    };
    vec![
        chain("1", " + "),
        chain("1", " * "),
        chain("hidden", " + "),
        format!("hidden{}", " + 1 - 1".repeat(127)),
        format!("hidden * step{}", " / step * 2".repeat(127)),
        format!("hidden{}", " * step % 7 + 3".repeat(85)),
        nested("1 * ("),
        nested("hidden + 2 * ("),
        nested("step * hidden / 2 + ("),
        nested("2 + hidden % ("),
    ]
}

#[test]
fn dims_of_operators_and_of_parentheses() {
    for dim in dims(60) {
        is_read(&format!("data X: [batch, {dim}];"));
        is_read(&format!(
            "data X: [batch, 4]; Y: [batch, {dim}]; X --f--> Y; f = linear({dim}); minimize f;"
        ));
        is_read(&format!(
            "data X: [batch, 4]; X --f--> X; f = linear; X >> f^({dim}) ~ X;"
        ));
    }
}

#[test]
fn combinators_with_dims_inside() {
    for dim in dims(36) {
        for inner in [
            format!("linear({dim}) >> linear(4)"),
            format!("reshape[batch, 4, 1] >> conv1d(4, 1, padding = [{dim}, {dim}]) >> mean(2)"),
        ] {
            let around = |inner: String, depth: usize| match depth % 4 {
                0 => format!("residual({inner})"),
                1 => format!("repeat(2, {inner})"),
                2 => format!("({inner})^({dim})"),
                _ => format!("({inner}, identity) >> add"),
            };
            let chain = (0..24).fold(inner, around);
            is_read(&format!(
                "data X: [batch, 4]; X --f--> X; f = {chain}; f ~ X;"
            ));
        }
    }
}

#[test]
fn lists_in_arguments_of_functions() {
    let items = |depth: usize| {
        let list = format!("{}hidden{}", "[".repeat(depth), "]".repeat(depth));
        format!("data X: [batch, 4]; X --f--> X; f = linear; f ~ X by losses::all({list});")
    };
    is_read(&items(24));
    let faults = checked(&items(25)).faults;
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].fault.message,
        "lists are nested deeper than 24 levels"
    );
}

#[test]
fn the_longest_extents_are_read_and_longer_ones_are_faults() {
    let layers = |count: usize| {
        let chain = vec!["conv1d(4, 3, stride = step, padding = 0)"; count].join(" >> ");
        format!(
            "data X: [batch, 4, hidden]; data Y: [batch, 4]; X --f--> Y; f = {chain} >> mean(2); f ~ Y;"
        )
    };
    for count in [1, 20, 200] {
        is_read(&layers(count));
    }
    let checked = checked(&layers(1_000));
    let faults: Vec<_> = checked.faults.iter().collect();
    assert_eq!(faults.len(), 1);
    assert_eq!(
        faults[0].fault.message,
        "`conv1d(4, 3, stride = step, padding = 0)` gives an extent of more than 2000 numbers, names and operations"
    );
}

/// Each application of the arrow squares the batch.
#[test]
fn dims_that_grow_with_every_application_are_a_fault_at_the_path() {
    let checked = checked(
        "data X: [batch, 4]; X --f--> X[batch = batch * batch]; f = Square; minimize X >> f;",
    );
    assert!(checked.faults.is_empty(), "{:?}", checked.faults);
    let mut data = serde_json::to_value(&checked.diagrams[0]).expect("data");
    let mut add = |count: usize| {
        let terms = data["paths"]["terms"].as_array_mut().expect("terms");
        for _ in 0..count {
            let last = terms.len() - 1;
            terms.push(json!({"Apply": [0, [last], 0]}));
        }
        data["cells"][0]["ends"] = json!([terms.len() - 1]);
        data["cells"][0]["text"] = json!("X >> f");
        read(&data.to_string())
    };
    assert!(add(8).is_ok());
    let error = add(200).expect_err("a size that is too large").to_string();
    let said = "at `paths.terms[10]`: `f(f(f(..)))` ends in `X` at a size of more than 2000 numbers, names and \
                operations: it is too large to compute [D0204]";
    assert_eq!(error, said);
}
