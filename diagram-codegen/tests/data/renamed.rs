//! Two diagrams are one but for their names, or they are not.

use std::collections::HashMap;

use diagram_core::spelling::snake_case;
use diagram_core::{Diagram, renaming, same_up_to_renaming};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::diagrams::{self, everything};

/// A diagram with other names, in which cells and objects stand in another order. Each name gets this before it.
fn renamed(diagram: &Diagram, prefix: &str, turn: usize) -> Diagram {
    let mut names: HashMap<String, String> = HashMap::new();
    let types = diagram.generics.iter();
    let types = types.filter(|generic| !generic.is_constant());
    let types = types.map(|generic| generic.name.clone());
    let cells = diagram.cells.iter().filter_map(|cell| cell.name.clone());
    let hypers = diagram.hypers.iter().map(|hyper| hyper.name.clone());
    let objects = diagram.objects.iter().map(|object| object.name.clone());
    let data = diagram.data.iter().map(|datum| datum.name.clone());
    let morphisms = diagram.morphisms.iter().map(|one| one.name.clone());
    let dynamics = diagram.dynamics.iter().cloned();
    let own = objects.chain(data).chain(morphisms).chain(dynamics);
    for name in own.chain(hypers).chain(cells).chain(types) {
        let other = format!("{prefix}{name}");
        names.insert(name, other);
    }
    let mut value = serde_json::to_value(diagram).expect("data");
    rename(&mut value, &names, "");
    turned(&mut value, "objects", turn, &|value, image| {
        each(value, "object", image);
    });
    turned(&mut value, "cells", turn, &|value, image| {
        if let Some(ranges) = value.get_mut("index_ranges") {
            each(ranges, "Classes", image);
        }
    });
    // They stand in the order of the cells.
    if let Some(Value::Array(ranges)) = value.get_mut("index_ranges") {
        ranges.sort_by_key(|range| range["of"]["Classes"].as_u64().unwrap_or(u64::MAX));
    }
    for datum in value["data"].as_array_mut().expect("data") {
        datum["field"] = json!(snake_case(datum["name"].as_str().expect("a name")));
    }
    serde_json::from_value(value).expect("a diagram")
}

/// Names in a value, except those of layers, losses and their arguments, and what is Rust's.
fn rename(value: &mut Value, names: &HashMap<String, String>, key: &str) {
    match value {
        Value::String(text) => {
            let fixed = [
                "text",
                "documentation",
                "argument",
                "Word",
                "kind",
                "ty",
                "method",
                "config",
                "function",
                "Function",
                "Rust",
                "Constant",
                "default",
                "relation",
                "gives",
                "layout",
                "side",
                "field",
            ];
            let slot = key == "ty";
            if let Some(name) = names
                .get(text.as_str())
                .filter(|_| slot || !fixed.contains(&key))
            {
                text.clone_from(name);
            }
        }
        Value::Array(items) => {
            for item in items {
                rename(item, names, key);
            }
        }
        Value::Object(fields) => {
            let is_argument = fields.contains_key("value") && fields.contains_key("name");
            let others = fields.keys().any(|key| key != "name" && key != "arguments");
            let is_call = !others;
            for (key, item) in fields {
                if !(key == "name" && (is_argument || is_call)) {
                    rename(item, names, key);
                }
            }
        }
        _ => {}
    }
}

type Adjust = dyn Fn(&mut Value, &dyn Fn(u64) -> u64);

/// The items of a list, of which the first ones stand last.
fn turned(value: &mut Value, list: &str, turn: usize, adjust: &Adjust) {
    let items = value[list].as_array_mut().expect("a list");
    let count = items.len();
    if count == 0 {
        return;
    }
    items.rotate_left(turn % count);
    let image = |index: u64| {
        let index = usize::try_from(index).expect("an index");
        let image = (index + count - turn % count) % count;
        u64::try_from(image).expect("an index")
    };
    adjust(value, &image);
}

/// Every number under a key.
fn each(value: &mut Value, wanted: &str, image: &dyn Fn(u64) -> u64) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, wanted, image)),
        Value::Object(fields) => {
            for (key, item) in fields {
                match item.as_u64() {
                    Some(number) if key == wanted => *item = json!(image(number)),
                    _ => each(item, wanted, image),
                }
            }
        }
        _ => {}
    }
}

#[test]
fn a_diagram_with_other_names_in_another_order_is_the_same() {
    let diagram = everything();
    let other = renamed(&diagram, "a_", 3);
    assert_ne!(diagram, other);
    diagram_layers::read(&diagrams::json(&other)).unwrap_or_else(|error| panic!("{error}"));
    let found = renaming(&diagram, &other).expect("an answer");
    let found = found.expect("a renaming");
    for (index, object) in diagram.objects.iter().enumerate() {
        let image = other.object(found.objects[index]);
        assert_eq!(image.name, format!("a_{}", object.name));
    }
    for (index, cell) in diagram.cells.iter().enumerate() {
        let image = &other.cells[found.cells[index]];
        let name = cell.name.as_ref().map(|name| format!("a_{name}"));
        assert_eq!(image.name, name);
    }
}

#[test]
fn every_diagram_is_the_same_with_other_names() {
    let clean = diagrams::all().into_iter().filter(|found| found.clean);
    for (index, found) in clean.enumerate() {
        let diagram = &found.diagram;
        let same = |one, other| {
            assert_eq!(
                same_up_to_renaming(one, other),
                Ok(true),
                "{}\n{diagram}",
                found.file
            );
        };
        same(diagram, diagram);
        let other = renamed(diagram, "b_", index);
        same(diagram, &other);
        same(&other, diagram);
    }
}

#[test]
fn a_diagram_with_another_meaning_is_another() {
    let diagram = everything();
    let data = serde_json::to_value(&diagram).expect("data");
    let cell = |name: &str| {
        let mut cells = diagram.cells.iter();
        let index = cells.position(|cell| cell.name.as_deref() == Some(name));
        format!("/cells/{}", index.expect("a cell"))
    };
    let swapped = |place: &str| {
        let mut ends = data.pointer(place).cloned().expect(place);
        ends.as_array_mut().expect("a list").reverse();
        ends
    };
    let soft = cell("soft");
    let ends = format!("{soft}/ends");
    let heavy = format!("{soft}/weight/Scalar/Number");
    let delta = format!("{}/loss/Loss/arguments/0/value/Float/Number", cell("still"));
    for (place, value) in [
        ("/objects/0/shape/dims/1", json!(9)),
        ("/objects/0/shape/dims/1", json!("hidden")),
        ("/objects/1/shape/kind", json!("Float")),
        ("/hypers/0/default", json!("9")),
        ("/learned/0/start", json!(3.0)),
        ("/facts/0/right", json!(1)),
        (heavy.as_str(), json!(0.25)),
        (delta.as_str(), json!(2.0)),
        (ends.as_str(), swapped(&ends)),
        ("/morphisms/0/frozen", json!(true)),
    ] {
        let mut other = data.clone();
        let old = other.pointer_mut(place).expect(place);
        assert_ne!(*old, value, "{place}");
        *old = value;
        let other: Diagram = serde_json::from_value(other).expect("a diagram");
        assert_eq!(same_up_to_renaming(&diagram, &other), Ok(false), "{place}");
        assert_eq!(same_up_to_renaming(&other, &diagram), Ok(false), "{place}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_names(prefix in "[a-z][a-z0-9]{0,6}_", turn in 0..50_usize) {
        let diagram = everything();
        let other = renamed(&diagram, &prefix, turn);
        prop_assert_eq!(same_up_to_renaming(&diagram, &other), Ok(true));
    }
}
