//! Chains: nodes and the arrows between them.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident};

use super::awry::{at_shape, several_words, shape_as_node, wrapped};
use super::reader::{Reader, after_signs};
use super::tree::{Arrow, Dims, ItemKind, Node, bare};
use super::{Error, Parse, Result};
use crate::place::Place;

/// Whether something that means an arrow comes next.
pub(super) fn at_arrow(reader: Reader<'_>) -> bool {
    reader.at_signs("-") || reader.at_signs("<") || reader.at_sign("=>")
}

/// `node (arrow node)+`
pub(super) fn chain(reader: Reader<'_>) -> Result<ItemKind> {
    let first = Node::parse(reader)?;
    let mut links: Vec<(Arrow, Node)> = Vec::new();
    while at_arrow(reader) {
        let left = links.last().map_or(&first, |(_, node)| node);
        let arrow = read(reader, left)?;
        if at_shape(reader) {
            return Err(shape_as_node(reader));
        }
        if reader
            .cursor()
            .ident()
            .is_none_or(|(ident, _)| ident == "_")
            && !reader.at_group(Delimiter::Parenthesis)
        {
            // error: the arrow `--f-->` ends in no object [D0002]
            let end = if arrow.forward {
                "ends in"
            } else {
                "starts at"
            };
            let message = format!("the arrow `{arrow}` {end} no object");
            return Err(Error::new(
                arrow.place,
                Fault::new(Code::HalfArrow, message),
            ));
        }
        links.push((arrow, Node::parse(reader)?));
    }
    if links.is_empty() {
        return Err(reader.expected(&format!("an arrow such as `--f-->` after `{first}`")));
    }
    Ok(ItemKind::Chain { first, links })
}

impl Parse for Node {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let mut factors = Vec::new();
        if reader.at_unit() {
            reader.skip();
            return Ok(Node {
                factors,
                place: reader.since(start),
            });
        }
        if reader.at_group(Delimiter::Parenthesis) {
            // `(A, B)`, read as meant.
            let names = reader.group(Delimiter::Parenthesis, |inner| {
                inner.list(|inner| inner.name("an object"))
            })?;
            factors.extend(names.into_iter().map(|name| (name, None)));
            let place = reader.since(start);
            let node = Node { factors, place };
            // error: a product of objects is written `A * B` [D0001]
            let message = format!("a product of objects is written `{node}`");
            reader.record(place, Fault::new(Code::UnexpectedToken, message));
            return Ok(node);
        }
        loop {
            let object = reader.name("an object")?;
            let dims = if reader.at_group(Delimiter::Bracket) {
                Some(Dims::parse(reader)?)
            } else {
                None
            };
            factors.push((object, dims));
            let so_far = reader.since(start);
            let Some(times) = reader.eat_sign("*") else {
                return Ok(Node {
                    factors,
                    place: so_far,
                });
            };
            if reader.cursor().ident().is_none() {
                let node = Node {
                    factors,
                    place: so_far,
                };
                // error: the product `Image *` lacks its last factor [D0011]
                let message = format!("the product `{node} *` lacks its last factor");
                reader.record(times, Fault::new(Code::UnclosedProduct, message));
                return Ok(node);
            }
        }
    }
}

/// An arrow, read as meant where it is drawn badly.
fn read(reader: Reader<'_>, left: &Node) -> Result<Arrow> {
    let start = reader.start();
    if reader.eat_sign("=>").is_some() {
        return Err(unnamed(reader, reader.since(start), "=>", left));
    }
    let (tail, before, closed) = (run(reader, "<"), run(reader, "-"), run(reader, ">"));
    let shaft = format!(
        "{}{}{}",
        "<".repeat(tail),
        "-".repeat(before),
        ">".repeat(closed)
    );
    let place = reader.since(start);
    if closed > 0 || reader.at_unit() || reader.is_empty() || reader.at_sign(";") {
        return Err(unnamed(reader, place, &shaft, left));
    }
    let wrapped = wrapped(reader);
    let mut name = match &wrapped {
        Some(name) => name.clone(),
        None => reader.declared("a morphism")?,
    };
    let (mut after, mut head) = (run(reader, "-"), run(reader, ">"));
    let mut dashes = false;
    while after == 1
        && head == 0
        && let Some((word, rest)) = reader.cursor().ident()
        && after_signs(rest, "-").is_some()
        && let Ok(joined) = syn::parse_str::<Ident>(&format!("{}_{word}", bare(&name)))
    {
        reader.skip();
        name = Ident::new(&joined.to_string(), name.span());
        (after, head) = (run(reader, "-"), run(reader, ">"));
        dashes = true;
    }
    if after == 0 && head == 0 {
        if let Some(error) = several_words(reader, start, left, &name) {
            return Err(error);
        }
        // `A -- B`: the name that was read is the object's.
        return Err(nameless(place, &shaft, left, "name", &name.to_string()));
    }
    let drawn = format!("{shaft}{name}{}{}", "-".repeat(after), ">".repeat(head));
    let arrow = Arrow {
        name,
        forward: tail == 0 || head > 0,
        place: reader.since(start),
    };
    if wrapped.is_some() || dashes {
        // error: the name of a morphism is one word, without `-`, brackets and quotes [D0002]
        let message = "the name of a morphism is one word, without `-`, brackets and quotes";
        let help = format!("`{left} {arrow} {}`", next_object(reader));
        reader.record(arrow.place, Fault::new(Code::HalfArrow, message).help(help));
        return Ok(arrow);
    }
    if !matches!((tail, before, after, head), (0, 2, 2, 1) | (1, 2, 2, 0)) {
        let fault = if tail > 0 && head > 0 {
            // error: the arrow `<--f-->` has two heads [D0002]
            format!("the arrow `{drawn}` has two heads")
        } else {
            // error: the arrow `--f-` is only half drawn [D0002]
            format!("the arrow `{drawn}` is only half drawn")
        };
        let help = format!("`{left} {arrow} {}`", next_object(reader));
        reader.record(arrow.place, Fault::new(Code::HalfArrow, fault).help(help));
    }
    Ok(arrow)
}

/// How often this sign comes next, up to three times.
pub(super) fn run(reader: Reader<'_>, sign: &str) -> usize {
    (0..3)
        .take_while(|_| reader.eat_signs(sign).is_some())
        .count()
}

/// The object that comes next, as helps show it.
pub(super) fn next_object(reader: Reader<'_>) -> String {
    reader
        .cursor()
        .ident()
        .map_or("Other".to_owned(), |(object, _)| object.to_string())
}

/// An arrow without a name around which what comes next may stand: `A -> f -> B`.
fn unnamed(reader: Reader<'_>, place: Place, drawn: &str, left: &Node) -> Error {
    let named = reader.cursor().ident().and_then(|(name, rest)| {
        let (object, _) = after_signs(rest, drawn)?.ident()?;
        let text = name.to_string();
        let of_morphism = text.starts_with(char::is_lowercase);
        of_morphism.then(|| (text, object.to_string()))
    });
    match named {
        Some((name, right)) => nameless(place, drawn, left, &name, &right),
        None => nameless(place, drawn, left, "name", &next_object(reader)),
    }
}

// error: `->` is no arrow of a diagram: an arrow carries the name of its morphism [D0004]
// error: the arrow `-->` has no name [D0002]
fn nameless(place: Place, drawn: &str, left: &Node, name: &str, right: &str) -> Error {
    let fault = if matches!(drawn, "->" | "=>" | "<-") {
        let message = format!(
            "`{drawn}` is no arrow of a diagram: an arrow carries the name of its morphism"
        );
        Fault::new(Code::ThinArrow, message)
    } else {
        Fault::new(Code::HalfArrow, format!("the arrow `{drawn}` has no name"))
    };
    let help = if drawn.starts_with('<') && !drawn.ends_with('>') {
        format!("`{left} <--{name}-- {right}`")
    } else {
        format!("`{left} --{name}--> {right}`")
    };
    Error::new(place, fault.help(help))
}
