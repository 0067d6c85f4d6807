//! Diagrams: what stands before the braces, and the braces.

use diagram_core::{Code, Fault};
use proc_macro2::Delimiter;

use super::item::items;
use super::reader::{Reader, after_sign};
use super::tree::{Diagram, Hyper, Place, Rust};
use super::{Error, Parse, Result, rust};

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
        diagrams.extend(diagram(reader));
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
            return diagram;
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
    let name = reader.name("a diagram")?;
    Ok(Diagram {
        attributes,
        visibility,
        name,
        generics: Rust(syn::Generics::default()),
        hypers: Vec::new(),
        items: Vec::new(),
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
        let read = Hyper::parse(reader).and_then(|hyper| {
            hypers.push(hyper);
            if reader.is_empty() || reader.at_sign(",") {
                Ok(())
            } else {
                Err(reader.expected("`,` after a hyper-parameter"))
            }
        });
        if let Err(error) = read {
            reader.fail(error);
            while !reader.is_empty() && !reader.at_sign(",") {
                reader.skip();
            }
        }
        reader.eat_sign(",");
    }
    hypers
}

impl Parse for Hyper {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let attributes = rust::attributes(reader)?;
        let name = reader.declared("a hyper-parameter")?;
        if !reader.at_sign(":") {
            // error: the hyper-parameter `hidden` needs a type [D0001]
            let message = format!("the hyper-parameter `{name}` needs a type");
            let fault = Fault::new(Code::UnexpectedToken, message).help(format!("`{name}: usize`"));
            return Err(Error::new(Place::of(name.span()), fault));
        }
        reader.skip();
        let ty = rust::ty(reader)?;
        let default = match reader.eat_sign("=") {
            Some(_) => Some(rust::expression(reader)?),
            None => None,
        };
        Ok(Hyper {
            attributes,
            name,
            ty,
            default,
        })
    }
}
