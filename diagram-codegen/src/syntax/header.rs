//! Diagrams: what stands before the braces, and the braces.

use std::collections::HashSet;

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident};

use super::item::items;
use super::reader::{Reader, after_sign};
use super::tree::{Diagram, Hyper, Rust};
use super::{Error, Parse, Result, rust};
use crate::place::Place;

/// Any number of diagrams.
pub(super) fn diagrams(reader: Reader<'_>) -> Vec<Diagram> {
    let mut diagrams = Vec::new();
    if reader.is_empty() {
        // error: there is no diagram here [D0006]
        let fault = Fault::new(Code::EmptyDiagram, "there is no diagram here")
            .help("`diagram! { pub Name { … } }`");
        reader.record(Place::of(reader.start()), fault);
    }
    while !reader.is_empty() {
        match reader.eat_sign(";") {
            // error: nothing stands before this `;` [D0001]
            Some(place) => {
                let fault = Fault::new(Code::UnexpectedToken, "nothing stands before this `;`");
                reader.record(place, fault.help("remove it"));
            }
            None => diagrams.extend(diagram(reader)),
        }
    }
    diagrams
}

/// One diagram; where its header is broken, its items are read all the same.
fn diagram(reader: Reader<'_>) -> Option<Diagram> {
    let before = reader.cursor();
    let mut diagram = match opening(reader) {
        Ok(diagram) => Some(diagram),
        Err(error) => {
            reader.fail(error);
            None
        }
    };
    if let Some(diagram) = &mut diagram
        && let Err(error) = parameters(reader, diagram)
    {
        reader.fail(error);
    }
    let mut moved = reader.cursor() != before;
    while !reader.is_empty() && !reader.at_group(Delimiter::Brace) {
        if moved && (reader.at_word("pub") || reader.at_signs("#")) {
            break;
        }
        reader.skip();
        moved = true;
    }
    if reader.at_group(Delimiter::Brace) {
        let read = reader
            .group(Delimiter::Brace, |inner| Ok(items(inner)))
            .unwrap_or_default();
        if let Some(diagram) = &mut diagram {
            if read.is_empty() {
                // error: the diagram `Empty` has no items [D0006]
                let message = format!("the diagram `{}` has no items", diagram.name);
                let place = Place::of(diagram.name.span());
                reader.record(place, Fault::new(Code::EmptyDiagram, message));
            }
            diagram.items = read;
        }
    }
    let lost = reader.found().end_of_diagram();
    if let Some(diagram) = &mut diagram {
        diagram.lost = lost;
    }
    diagram
}

/// `attrs vis? Name`
fn opening(reader: Reader<'_>) -> Result<Diagram> {
    let attributes = rust::attributes(reader)?;
    let visibility = reader.rust()?;
    if let Some((word, after)) = reader.cursor().ident()
        && (word == "struct" || word == "diagram" || word == "mod")
        && after.ident().is_some()
    {
        // error: a diagram starts with its name, not with `struct` [D0001]
        let message = format!("a diagram starts with its name, not with `{word}`");
        reader.record(reader.here(), Fault::new(Code::UnexpectedToken, message));
        reader.skip();
    }
    let items = ["dyn", "let", "data", "frozen", "watch"];
    let word = items.iter().any(|word| reader.at_word(word));
    let before_name = reader
        .cursor()
        .ident()
        .is_some_and(|(_, after)| after.ident().is_some());
    if word && before_name {
        // error: a diagram starts with its name, and its items stand between braces [D0001]
        let message = "a diagram starts with its name, and its items stand between braces";
        let fault = Fault::new(Code::UnexpectedToken, message).help("`pub Name { … }`");
        return Err(Error::new(reader.here(), fault));
    }
    let name = reader.name("a diagram")?;
    Ok(Diagram {
        attributes,
        visibility,
        name,
        generics: Rust(syn::Generics::default()),
        hypers: Vec::new(),
        items: Vec::new(),
        lost: HashSet::new(),
    })
}

/// `generics? ('(' hyper,* ')')?`, up to the braces.
fn parameters(reader: Reader<'_>, diagram: &mut Diagram) -> Result<()> {
    if reader.at_sign("<") {
        diagram.generics = rust::generics(reader)?;
    }
    if reader.at_group(Delimiter::Parenthesis) {
        diagram.hypers = reader.group(Delimiter::Parenthesis, |inner| Ok(hypers(inner)))?;
    }
    if reader.at_group(Delimiter::Brace) {
        return Ok(());
    }
    if reader.at_group(Delimiter::Bracket) {
        // error: the hyper-parameters of `Classifier` stand in parentheses [D0001]
        let message = format!(
            "the hyper-parameters of `{}` stand in parentheses",
            diagram.name
        );
        reader.record(reader.here(), Fault::new(Code::UnexpectedToken, message));
        diagram.hypers = reader.group(Delimiter::Bracket, |inner| Ok(hypers(inner)))?;
        if reader.at_group(Delimiter::Brace) {
            return Ok(());
        }
    }
    let error = reader.expected(&format!("`{{` and the items of `{}`", diagram.name));
    if [":", "=", "-"]
        .iter()
        .any(|sign| after_sign(reader.cursor(), sign).is_some())
    {
        return Err(error.help("items stand between the braces of a diagram: `pub Name { … }`"));
    }
    Err(error)
}

/// The hyper-parameters; one that cannot be read is skipped to its `,`.
fn hypers(reader: Reader<'_>) -> Vec<Hyper> {
    let mut hypers = Vec::new();
    while !reader.is_empty() {
        let before = reader.cursor();
        let read = Hyper::parse(reader).and_then(|hyper| {
            hypers.push(hyper);
            if reader.is_empty() || reader.at_sign(",") {
                return Ok(());
            }
            // error: expected `,` after a hyper-parameter, found `;` [D0001]
            let error = reader.expected("`,` after a hyper-parameter");
            reader.eat_sign(";");
            if reader.cursor().ident().is_some() {
                reader.fail(error);
                return Ok(());
            }
            Err(error)
        });
        if let Err(error) = read {
            reader.fail(error);
            while !reader.is_empty() && !reader.at_sign(",") {
                reader.skip();
            }
            reader.found().lose(before, reader.cursor());
        }
        reader.eat_sign(",");
    }
    hypers
}

impl Parse for Hyper {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let attributes = rust::attributes(reader)?;
        let name = reader.declared("a hyper-parameter")?;
        let ty = match reader.eat_sign(":") {
            Some(_) => Some(rust::ty(reader)?),
            // `hidden usize`, read as meant.
            None if reader.cursor().ident().is_some() => {
                let place = reader.here();
                let ty = rust::ty(reader)?;
                // error: the type of `hidden` stands after `:` [D0001]
                let message = format!("the type of `{name}` stands after `:`");
                let help = format!("`{name}: {}`", ty.text());
                reader.record(place, Fault::new(Code::UnexpectedToken, message).help(help));
                Some(ty)
            }
            None => None,
        };
        let default = match reader.eat_sign("=") {
            Some(_) => Some(rust::expression(reader)?),
            None => None,
        };
        let ty = match ty {
            Some(ty) => ty,
            None => untyped(reader, &name, default.as_ref()),
        };
        Ok(Hyper {
            attributes,
            name,
            ty,
            default,
        })
    }
}

/// The type that a hyper-parameter without one most likely has, by its default.
fn untyped(reader: Reader<'_>, name: &Ident, default: Option<&Rust<syn::Expr>>) -> Rust<syn::Type> {
    let literal = match default.map(|default| &default.0) {
        Some(syn::Expr::Lit(literal)) => Some(&literal.lit),
        _ => None,
    };
    let ty: syn::Type = match literal {
        Some(syn::Lit::Float(_)) => syn::parse_quote!(f64),
        Some(syn::Lit::Bool(_)) => syn::parse_quote!(bool),
        _ => syn::parse_quote!(usize),
    };
    let ty = Rust(ty);
    // error: the hyper-parameter `hidden` needs a type [D0001]
    let message = format!("the hyper-parameter `{name}` needs a type");
    let value = default.map_or(String::new(), |default| format!(" = {}", default.text()));
    let help = format!("`{name}: {}{value}`", ty.text());
    reader.record(
        Place::of(name.span()),
        Fault::new(Code::UnexpectedToken, message).help(help),
    );
    ty
}
