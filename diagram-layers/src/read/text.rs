//! From JSON to values, without the rules.

use diagram_core::{Diagram, Format, Term};
use serde::Deserialize;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use super::paths::are_paths;
use super::{ReadError, form};

/// The format alone, whatever else is written.
#[derive(Deserialize)]
struct Formatted {
    #[serde(rename = "format")]
    _format: Format,
}

/// The terms of the paths alone.
#[derive(Deserialize)]
struct Table {
    paths: Terms,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Terms {
    terms: Vec<Term>,
}

/// A diagram of which nothing is checked but its form, and that its paths are some.
pub(super) fn parse(text: &str) -> Result<Diagram, ReadError> {
    // Another format may have other fields, so it is told first.
    parsed::<Formatted>(text)?;
    // Without this, what is wrong with one of the terms would be said of all of them.
    are_paths(parsed::<Table>(text)?.paths.terms)?;
    parsed(text)
}

fn parsed<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, ReadError> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let mut found = form(error.inner().to_string());
        let place = error.path().to_string();
        if place != "." {
            found.part = part(text, error.path());
            found.place = place;
        }
        found
    })?;
    match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => Err(form(error.to_string())),
    }
}

/// The name of the part of a diagram that a path leads into, where it has one.
fn part(text: &str, path: &Path) -> Option<String> {
    let mut segments = path.iter();
    let (Segment::Map { key }, Segment::Seq { index }) = (segments.next()?, segments.next()?)
    else {
        return None;
    };
    let what = match key.as_str() {
        "objects" => "object",
        "data" => "datum",
        "morphisms" => "morphism",
        "cells" => "cell",
        _ => return None,
    };
    let value: Value = serde_json::from_str(text).ok()?;
    let name = value.get(key)?.get(index)?.get("name")?.as_str()?;
    Some(format!("the {what} `{name}`"))
}
