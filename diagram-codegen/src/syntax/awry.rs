//! Arrows that are drawn awry: by other signs than dashes, around more than a name, or at no object; and
//! items that start with other words than those of the language.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident, Span, TokenStream};
use syn::buffer::Cursor;

use super::arrow::{next_object, run};
use super::reader::{Reader, after_sign, after_signs, is_keyword};
use super::recover::WORDS;
use super::tree::{Arrow, ItemKind, Node, Shape, bare};
use super::{Error, Parse, Result};
use crate::place::Place;

/// A name in brackets or quotes, inside an arrow: `--(f)-->`, `--"f"-->`.
pub(super) fn wrapped(reader: Reader<'_>) -> Option<Ident> {
    let cursor = reader.cursor();
    let groups = [Delimiter::Parenthesis, Delimiter::Bracket];
    let group = groups.iter().find_map(|group| cursor.group(*group));
    let (name, rest) = match (group, cursor.literal()) {
        (Some((inner, _, rest)), _) => {
            let (name, end) = inner.ident()?;
            end.eof().then_some((name, rest))?
        }
        (None, Some((literal, rest))) => {
            let text = literal.to_string();
            let text = text.strip_prefix('"')?.strip_suffix('"')?;
            let mut name: Ident = syn::parse_str(text).ok()?;
            name.set_span(literal.span());
            (name, rest)
        }
        _ => return None,
    };
    after_signs(rest, "-")?;
    reader.skip();
    Some(name)
}

/// Layers or several words inside an arrow, up to its second half; the first word is read.
pub(super) fn several_words(
    reader: Reader<'_>,
    start: Span,
    left: &Node,
    first: &Ident,
) -> Option<Error> {
    let layers = reader.at_group(Delimiter::Parenthesis);
    let mut rest = reader.cursor();
    for tokens in 1..=6 {
        if after_sign(rest, ";").is_some() {
            return None;
        }
        rest = rest.token_tree()?.1;
        if after_signs(rest, "--").is_none() && after_signs(rest, "->").is_none() {
            continue;
        }
        let more: TokenStream = (0..tokens).filter_map(|_| reader.skip()).collect();
        let place = reader.since(start);
        let message = if layers {
            // error: an arrow carries the name of a morphism, and its layers stand in a definition [D0002]
            "an arrow carries the name of a morphism, and its layers stand in a definition"
        } else {
            // error: the name of a morphism is one word [D0002]
            "the name of a morphism is one word"
        };
        let help = layers.then(|| {
            run(reader, "-");
            run(reader, ">");
            let right = next_object(reader);
            format!("`{left} --f--> {right};` and `f = {first}{more};`")
        });
        let fault = Fault::new(Code::HalfArrow, message).maybe_help(help);
        return Some(Error::new(place, fault));
    }
    None
}

/// Whether a shape stands where an arrow has an object: `[batch, 10]`, `Int[batch]`.
pub(super) fn at_shape(reader: Reader<'_>) -> bool {
    let cursor = reader.cursor();
    let kinds = ["Float", "Int", "Bool"];
    let kind = cursor
        .ident()
        .filter(|(kind, _)| kinds.iter().any(|known| kind == known));
    let dims = kind.map_or(cursor, |(_, dims)| dims);
    dims.group(Delimiter::Bracket)
        .is_some_and(|(mut inner, ..)| {
            while !inner.eof() && after_sign(inner, "=").is_none() {
                inner = inner.token_tree().map_or(inner, |(_, rest)| rest);
            }
            inner.eof()
        })
}

// error: an arrow is drawn between objects, and this is a shape [D0002]
pub(super) fn shape_as_node(reader: Reader<'_>) -> Error {
    let shape = match Shape::parse(reader) {
        Ok(shape) => shape,
        Err(error) => return error,
    };
    let message = "an arrow is drawn between objects, and this is a shape";
    let help =
        format!("declare an object of that shape, `Output: {shape};`, and draw the arrow at it");
    Error::new(shape.place, Fault::new(Code::HalfArrow, message).help(help))
}

// error: this arrow starts at no object [D0002]
pub(super) fn sourceless(reader: Reader<'_>) -> Error {
    let fault = Fault::new(Code::HalfArrow, "this arrow starts at no object");
    Error::new(reader.here(), fault.help("`Image --f--> Logits;`"))
}

/// What is drawn for an arrow by other signs than dashes, after its first object: how many signs stand
/// before its name, its name, and how many stand after it. `==f==>`, `~f~>`, `==>`, `|->`.
pub(super) fn mistaken(cursor: Cursor<'_>) -> Option<(usize, Option<Ident>, usize)> {
    let (before, rest) = signs(cursor);
    if before.contains(">>") {
        return None;
    }
    let (name, after) = rest.ident()?;
    if before.len() > 1 && before.ends_with('>') {
        let foreign = !matches!(before.as_str(), "->" | "=>" | "-->");
        return foreign.then_some((before.len(), None, 0));
    }
    let (head, right) = signs(after);
    let drawn = !matches!(before.as_str(), "" | "-" | "--" | "---");
    let headed = head.len() > 1 && head.ends_with('>') && !head.starts_with('>');
    (drawn && headed && right.ident().is_some()).then_some((before.len(), Some(name), head.len()))
}

/// Up to five signs of arrows.
fn signs(mut cursor: Cursor<'_>) -> (String, Cursor<'_>) {
    let mut text = String::new();
    while let Some((sign, rest)) = cursor.punct()
        && "=~-|>".contains(sign.as_char())
        && text.len() < 5
    {
        text.push(sign.as_char());
        cursor = rest;
    }
    (text, cursor)
}

/// A chain of one arrow that is drawn by other signs.
// error: an arrow is drawn by dashes around its name, not by `==>` [D0002]
pub(super) fn mistaken_chain(reader: Reader<'_>) -> Result<ItemKind> {
    let first = Node::parse(reader)?;
    let start = reader.start();
    let Some((before, name, after)) = mistaken(reader.cursor()) else {
        return Err(reader.expected("an arrow such as `--f-->`"));
    };
    let skip = |signs| -> String {
        let signs = (0..signs).filter_map(|_| reader.skip());
        signs.map(|sign| sign.to_string()).collect()
    };
    let mut drawn = skip(before);
    let name = match name {
        Some(name) => {
            drawn += &name.to_string();
            Some(reader.declared("a morphism")?)
        }
        None => None,
    };
    drawn += &skip(after);
    let place = reader.since(start);
    let message = format!("an arrow is drawn by dashes around its name, not by `{drawn}`");
    let shown = name.as_ref().map_or("name".to_owned(), Ident::to_string);
    let help = format!("`{first} --{shown}--> {}`", next_object(reader));
    let fault = Fault::new(Code::HalfArrow, message).help(help);
    let Some(name) = name else {
        return Err(Error::new(place, fault));
    };
    reader.record(place, fault);
    let arrow = Arrow {
        name,
        forward: true,
        place,
    };
    let right = Node::parse(reader)?;
    Ok(ItemKind::Chain {
        first,
        links: vec![(arrow, right)],
    })
}

/// `f: A -> B`, an arrow as a signature.
pub(super) fn signature(reader: Reader<'_>, after_colon: Option<Cursor<'_>>) -> Option<ItemKind> {
    let (_, after) = after_colon?.ident()?;
    let signs = ["->", "-->", "=>", "==>"];
    let sign = signs.iter().find(|sign| {
        let right = after_signs(after, sign).and_then(Cursor::ident);
        right.is_some_and(|(_, rest)| rest.eof() || after_sign(rest, ";").is_some())
    })?;
    let name = reader.declared("a morphism").ok()?;
    reader.eat_sign(":")?;
    let node = |name: Ident| Node {
        place: Place::of(name.span()),
        factors: vec![(name, None)],
    };
    let first = node(reader.name("an object").ok()?);
    let place = reader.eat_signs(sign)?;
    let right = node(reader.name("an object").ok()?);
    // error: `->` is no arrow of a diagram: an arrow is drawn around the name of its morphism [D0004]
    let message = format!(
        "`{sign}` is no arrow of a diagram: an arrow is drawn around the name of its morphism"
    );
    let help = format!("`{first} --{}--> {right}`", bare(&name));
    reader.record(place, Fault::new(Code::ThinArrow, message).help(help));
    let arrow = Arrow {
        name,
        forward: true,
        place,
    };
    Some(ItemKind::Chain {
        first,
        links: vec![(arrow, right)],
    })
}

/// What others call an item.
const ELSEWHERE: [(&str, &str); 8] = [
    ("input", "data"),
    ("inputs", "data"),
    ("dim", "dyn"),
    ("dims", "dyn"),
    ("freeze", "frozen"),
    ("metric", "watch"),
    ("monitor", "watch"),
    ("import", "include"),
];

/// What follows `let` is read as meant.
pub(super) fn without_let(reader: Reader<'_>) -> Result<ItemKind> {
    // error: `let` is Rust, and starts no item of a diagram [D0001]
    let message = "`let` is Rust, and starts no item of a diagram";
    let fault = Fault::new(Code::UnexpectedToken, message).help("leave `let` out");
    reader.record(reader.here(), fault);
    while ["let", "mut"]
        .iter()
        .any(|word| reader.eat_word(word).is_some())
    {}
    ItemKind::parse(reader)
}

// error: `dat Image` starts no item [D0001]
// error: `for` is Rust, and starts no item of a diagram [D0001]
pub(super) fn not_an_item(reader: Reader<'_>, first: &str, after: Cursor<'_>) -> Error {
    let place = reader.here();
    // Both words are taken, so that what follows `dat` is not read as an item of its own.
    reader.skip();
    reader.skip();
    let fault = if is_keyword(first) {
        let message = format!("`{first}` is Rust, and starts no item of a diagram");
        Fault::new(Code::UnexpectedToken, message)
    } else {
        let next = after
            .ident()
            .map_or(String::new(), |(next, _)| next.to_string());
        let elsewhere = ELSEWHERE.iter().find(|(other, _)| *other == first);
        let near = elsewhere.map(|(_, word)| *word).or(nearest(first, WORDS));
        let help = near.map(|near| format!("did you mean `{near}`?"));
        Fault::new(
            Code::UnexpectedToken,
            format!("`{first} {next}` starts no item"),
        )
        .maybe_help(help)
    };
    Error::new(place, fault)
}
