//! `docs/losses.md`: its tables are those of the losses, as they stand in the code.
//!
//! `UPDATE_LOSSES=1 cargo test -p diagram-layers --test losses` writes them.

use std::fmt::Write;
use std::path::PathBuf;
use std::{env, fs};

use diagram_layers::losses::{FAMILIES, Family, Loss, Unit};

mod tables;

const BEGIN: &str =
    "<!-- The tables from here to the end are written by a test: see architecture.md. -->\n";

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

/// All tables, a heading each.
fn all_tables() -> String {
    FAMILIES.iter().map(table).collect()
}

fn table(family: &Family) -> String {
    let mut text = format!(
        "\n## {}\n\n| loss | arguments | ends | value | of |\n|---|---|---|---|---|\n",
        family.title
    );
    for loss in family.losses {
        let arguments = loss.parameters.iter();
        let arguments: Vec<_> = arguments
            .map(|parameter| tables::argument(parameter, false))
            .collect();
        let _ = writeln!(
            text,
            "| `{}`{} | {} | {}{} | {} | {} |",
            loss.name,
            if loss.watch_only { " (metric)" } else { "" },
            arguments.join("<br>"),
            minimised(loss),
            loss.takes,
            loss.value,
            match loss.unit {
                Unit::Element => "an element",
                Unit::Index => "an index",
                Unit::Batch => "the batch",
            }
        );
    }
    text
}

fn minimised(loss: &Loss) -> String {
    match loss.ends {
        [] => String::new(),
        [one] => format!("`minimize {one}`: "),
        several => format!("`minimize ({})`: ", several.join(", ")),
    }
}

#[test]
fn every_loss_says_what_it_is_and_has_a_test_of_its_values() {
    let files = ["src/loss/tests.rs", "src/loss/tests/pytorch.rs"];
    let tests = files.map(|name| fs::read_to_string(file(name)).expect("tests of the losses"));
    let tests = tests.concat();
    for loss in FAMILIES.iter().flat_map(|family| family.losses) {
        let name = loss.name;
        assert!(
            !loss.takes.is_empty() && !loss.value.is_empty(),
            "`{name}` has no row"
        );
        for parameter in loss.parameters {
            assert!(
                !parameter.summary.is_empty(),
                "`{}` of `{name}`",
                parameter.name
            );
        }
        // `perplexity` is the exponential of another, made by the macro.
        let tested = tests.contains(&format!(" {name}(")) || tests.contains(&format!("({name}("));
        assert!(tested || name == "perplexity", "`{name}` has no test");
    }
}

#[test]
fn the_page_has_the_tables_of_the_code() {
    let page = file("docs/losses.md");
    let written = fs::read_to_string(&page).expect("docs/losses.md");
    let (head, tables_of_the_page) = written
        .split_once(BEGIN)
        .expect("the line before the tables");
    let tables = all_tables();
    if env::var_os("UPDATE_LOSSES").is_some() {
        fs::write(page, format!("{head}{BEGIN}{tables}")).expect("docs/losses.md can be written");
        return;
    }
    assert!(
        tables_of_the_page == tables,
        "docs/losses.md is not what the losses say: UPDATE_LOSSES=1 cargo test -p diagram-layers --test losses"
    );
}
