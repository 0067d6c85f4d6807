//! Pieces of Rust inside a diagram: paths, types, expressions, attributes. syn reads them.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, TokenTree};
use syn::buffer::Cursor;

use super::reader::{Reader, after_sign, is_keyword, is_path_keyword};
use super::tree::Rust;
use super::{Error, Result};
use crate::place::Place;

/// How deep syn may have to recurse into one piece. Tokens stand for levels: each of those counted can
/// open at most one, and a `,` or `;` closes all but the angle brackets.
const LEVELS: usize = 96;

/// `crate::losses::mine`, with generic arguments after `::`.
pub(super) fn path(reader: Reader<'_>) -> Result<Rust<syn::Path>> {
    if let Some((ident, _)) = reader.cursor().ident()
        && (ident == "_" || is_keyword(&ident.to_string()) && !is_path_keyword(&ident.to_string()))
    {
        // Recorded with the raw form as its help, or refused.
        let name = reader.name("a path of Rust")?;
        return Ok(Rust(syn::Path::from(name)));
    }
    let start = reader.start();
    let path = expression_path(reader)?;
    match path.0.qself {
        None => Ok(Rust(path.0.path)),
        // error: a plain path is expected here [D0001]
        Some(_) => Err(Error::new(
            reader.since(start),
            Fault::new(Code::UnexpectedToken, "a plain path is expected here"),
        )),
    }
}

/// A path as it stands in an expression.
pub(super) fn expression_path(reader: Reader<'_>) -> Result<Rust<syn::ExprPath>> {
    if has_generics(reader.cursor()) {
        shallow(reader, Until::Semicolon)?;
    }
    reader.rust()
}

/// A type, without `+`.
pub(super) fn ty(reader: Reader<'_>) -> Result<Rust<syn::Type>> {
    shallow(reader, Until::Semicolon)?;
    reader.call(syn::Type::without_plus).map(Rust)
}

/// An expression or a closure.
pub(super) fn expression<T: syn::parse::Parse>(reader: Reader<'_>) -> Result<Rust<T>> {
    shallow(reader, Until::Semicolon)?;
    reader.rust()
}

/// The generics of a diagram.
pub(super) fn generics(reader: Reader<'_>) -> Result<Rust<syn::Generics>> {
    shallow(reader, Until::Braces)?;
    reader.rust()
}

/// `#[…]` and doc comments.
pub(super) fn attributes(reader: Reader<'_>) -> Result<Vec<Rust<syn::Attribute>>> {
    let mut cursor = reader.cursor();
    while let Some(after) = after_sign(cursor, "#") {
        let Some((inner, _, rest)) = after.group(Delimiter::Bracket) else {
            break;
        };
        refuse(too_deep(inner, Until::End))?;
        cursor = rest;
    }
    if !reader.at_sign("#") {
        return Ok(Vec::new());
    }
    Ok(reader
        .call(syn::Attribute::parse_outer)?
        .into_iter()
        .map(Rust)
        .collect())
}

/// Where a piece of Rust ends at the latest.
#[derive(Clone, Copy, PartialEq)]
enum Until {
    Semicolon,
    Braces,
    End,
}

/// Refuses what would make syn recurse without bounds: it has none of its own.
fn shallow(reader: Reader<'_>, until: Until) -> Result<()> {
    refuse(too_deep(reader.cursor(), until))
}

fn refuse(deep: Option<Place>) -> Result<()> {
    match deep {
        None => Ok(()),
        // error: this piece of Rust is nested too deep to be read [D0001]
        Some(place) => Err(Error::new(
            place,
            Fault::new(
                Code::UnexpectedToken,
                "this piece of Rust is nested too deep to be read",
            )
            .help("move it to a function or a type of its own"),
        )),
    }
}

/// Where nesting goes too deep, in groups too.
fn too_deep(mut cursor: Cursor<'_>, until: Until) -> Option<Place> {
    let (mut levels, mut angles) = (0_usize, 0_usize);
    loop {
        if let Some((inner, delimiter, _, rest)) = cursor.any_group() {
            if until == Until::Braces && delimiter == Delimiter::Brace {
                return None;
            }
            if let Some(place) = too_deep(inner, Until::End) {
                return Some(place);
            }
            cursor = rest;
            continue;
        }
        let (token, rest) = cursor.token_tree()?;
        match &token {
            TokenTree::Punct(punct) => match punct.as_char() {
                ';' if until == Until::Semicolon => return None,
                ';' => (levels, angles) = (0, 0),
                ',' => levels = 0,
                '<' => angles += 1,
                '>' => angles = angles.saturating_sub(1),
                '.' | ':' | '#' => {}
                _ => levels += 1,
            },
            TokenTree::Ident(ident) => levels += usize::from(is_keyword(&ident.to_string())),
            _ => {}
        }
        if levels > LEVELS || angles > LEVELS {
            return Some(Place::of(token.span()));
        }
        cursor = rest;
    }
}

/// Whether a path has generic arguments, which hold types and so may nest.
fn has_generics(mut cursor: Cursor<'_>) -> bool {
    loop {
        let segments = after_sign(cursor, "::").unwrap_or(cursor);
        match segments.ident() {
            Some((_, rest)) => cursor = rest,
            None => return after_sign(segments, "<").is_some(),
        }
    }
}
