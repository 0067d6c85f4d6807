//! `docs/layers.md`: its tables are those of the layers, as they stand in the code.
//!
//! `UPDATE_LAYERS=1 cargo test -p diagram-layers --test layers` writes them.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use diagram_layers::layers::{FAMILIES, Family, Layer};

mod tables;

const BEGIN: &str =
    "<!-- The tables from here to the end are written by a test: see architecture.md. -->\n";

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/layers.md")
}

/// All tables, a heading each.
fn tables() -> String {
    FAMILIES.iter().map(table).collect()
}

fn table(family: &Family) -> String {
    let mut text = format!(
        "\n## {}\n\n| layer | arguments | takes and gives |\n|---|---|---|\n",
        family.title
    );
    for row in rows(family.layers) {
        let names: Vec<_> = row
            .iter()
            .map(|layer| format!("`{}`", layer.name))
            .collect();
        let mut rules: Vec<_> = row.iter().map(|layer| layer.rule.to_owned()).collect();
        rules.dedup();
        if rules.len() > 1 {
            let both = names.iter().zip(&row);
            rules = both
                .map(|(name, layer)| format!("{name}: {}", layer.rule))
                .collect();
        }
        let arguments = row
            .first()
            .map(|layer| arguments(layer))
            .unwrap_or_default();
        let (names, rules) = (names.join(", "), rules.join("<br>"));
        let _ = writeln!(text, "| {names} | {arguments} | {rules} |");
    }
    text
}

/// Layers of the same arguments share a row, and those without arguments where their rules are the same.
fn rows(layers: &'static [Layer]) -> Vec<Vec<&'static Layer>> {
    let mut rows: Vec<Vec<&Layer>> = Vec::new();
    for layer in layers {
        let alike = |other: &Layer| {
            arguments(other) == arguments(layer)
                && (other.rule == layer.rule || !layer.parameters.is_empty())
        };
        let known = rows
            .iter_mut()
            .find(|row| row.iter().all(|other| alike(other)));
        match known {
            Some(row) => row.push(layer),
            None => rows.push(vec![layer]),
        }
    }
    rows
}

fn arguments(layer: &Layer) -> String {
    let parameters = layer.parameters.iter();
    let all: Vec<_> = parameters
        .map(|parameter| tables::argument(parameter, layer.in_brackets()))
        .collect();
    all.join("<br>")
}

#[test]
fn every_layer_says_what_it_takes_and_gives() {
    for layer in FAMILIES.iter().flat_map(|family| family.layers) {
        assert!(!layer.rule.is_empty(), "`{}` has no rule", layer.name);
        for parameter in layer.parameters {
            let name = format!("`{}` of `{}`", parameter.name, layer.name);
            let both = parameter.required && !parameter.default.is_empty();
            assert!(!both, "{name} must be given and has a default");
            assert!(!parameter.summary.is_empty(), "{name} has no summary");
        }
    }
}

#[test]
fn the_page_has_the_tables_of_the_code() {
    let written = fs::read_to_string(page()).expect("docs/layers.md");
    let (head, tables_of_the_page) = written
        .split_once(BEGIN)
        .expect("the line before the tables");
    let tables = tables();
    if env::var_os("UPDATE_LAYERS").is_some() {
        fs::write(page(), format!("{head}{BEGIN}{tables}")).expect("docs/layers.md can be written");
        return;
    }
    assert!(
        tables_of_the_page == tables,
        "docs/layers.md is not what the layers say: UPDATE_LAYERS=1 cargo test -p diagram-layers --test layers"
    );
}
