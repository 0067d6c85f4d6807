//! Items: which one comes next, where it ends, and going on after one that cannot be read.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::Delimiter;
use syn::buffer::Cursor;

use super::arrow::chain;
use super::cell::{CLAUSES, at_minimize, equals_for_tilde, metric};
use super::reader::{Reader, after_sign, after_signs, is_keyword, is_number};
use super::recover::{WORDS, last_token, skip_item, starts_item};
use super::tree::{Cell, Definition, Item, ItemKind, Place, Shape, bare};
use super::{Error, Parse, Result, rust, statement};

/// Every item up to the end of the braces.
pub(super) fn items(reader: Reader<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    while !reader.is_empty() {
        match reader.eat_sign(";") {
            // error: nothing stands before this `;` [D0001]
            Some(place) => {
                let fault = Fault::new(Code::UnexpectedToken, "nothing stands before this `;`");
                reader.record(place, fault.help("remove it"));
            }
            None => items.push(item(reader)),
        }
    }
    items
}

fn item(reader: Reader<'_>) -> Item {
    let before = reader.cursor();
    let mut start = reader.start();
    let mut attributes = Vec::new();
    let read = rust::attributes(reader).and_then(|read| {
        attributes = read;
        start = reader.start();
        let item = reader.cursor();
        ItemKind::parse(reader).map(|kind| (kind, item))
    });
    match read {
        Ok((kind, first)) => {
            let place = reader.since(start);
            if let Err(error) = end(reader, &kind, first) {
                reader.fail(error);
                skip_item(reader, before);
            }
            Item {
                attributes,
                kind,
                place,
            }
        }
        Err(error) => {
            reader.fail(error);
            skip_item(reader, before);
            Item {
                attributes,
                kind: ItemKind::Invalid,
                place: reader.since(start),
            }
        }
    }
}

/// The `;` after an item.
fn end(reader: Reader<'_>, kind: &ItemKind, first: Cursor<'_>) -> Result<()> {
    if reader.eat_sign(";").is_some() {
        return Ok(());
    }
    let last = last_token(first, reader.cursor());
    if reader.is_empty() || starts_item(reader.cursor()) {
        // error: a `;` is missing after `Logits` [D0003]
        let fault = Fault::new(
            Code::MissingSemicolon,
            format!("a `;` is missing after `{last}`"),
        );
        reader.record(Place::of(reader.cursor().prev_span()), fault);
        return Ok(());
    }
    let error = reader.expected(&format!("`;` after `{last}`"));
    let clauses = matches!(
        kind,
        ItemKind::Cell { .. }
            | ItemKind::Watch { .. }
            | ItemKind::Commutes { .. }
            | ItemKind::Object { .. }
    );
    let near = reader.cursor().ident().filter(|_| clauses);
    let near = near.and_then(|(word, _)| nearest(&word.to_string(), CLAUSES));
    Err(match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    })
}

impl Parse for ItemKind {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        if let Some(statement) = statement::parse(reader) {
            return statement;
        }
        if at_minimize(reader) {
            return Ok(ItemKind::Cell {
                name: None,
                cell: Cell::parse(reader)?,
            });
        }
        if reader.at_unit() {
            return chain(reader);
        }
        if let Some(place) = reader.eat_sign("*") {
            // error: this product lacks its first factor [D0011]
            let fault = Fault::new(Code::UnclosedProduct, "this product lacks its first factor");
            return Err(Error::new(place, fault));
        }
        let Some((first, after)) = name_then(reader.cursor()) else {
            return Ok(ItemKind::Cell {
                name: None,
                cell: Cell::parse(reader)?,
            });
        };
        let lower = first.starts_with(char::is_lowercase);
        if after_sign(after, ":").is_some() {
            named(reader)
        } else if after_sign(after, ",").is_some() {
            statement::labelled(reader)
        } else if after_sign(after, "=").is_some() {
            definition(reader)
        } else if ["-", "<", "*", "=>"]
            .iter()
            .any(|signs| after_signs(after, signs).is_some())
            && !(lower && after_signs(after, "->").is_some())
            || after.group(Delimiter::Bracket).is_some()
        {
            chain(reader)
        } else if after.ident().is_some() {
            Err(not_an_item(reader, &first, after))
        } else {
            Ok(ItemKind::Cell {
                name: None,
                cell: Cell::parse(reader)?,
            })
        }
    }
}

/// A name, or the number that stands where one belongs, and what follows it.
fn name_then(cursor: Cursor<'_>) -> Option<(String, Cursor<'_>)> {
    if let Some((ident, after)) = cursor.ident() {
        return Some((ident.to_string(), after));
    }
    let (literal, after) = cursor.literal()?;
    let name = [":", "=", ","]
        .iter()
        .any(|sign| after_sign(after, sign).is_some());
    let arrow = after_signs(after, "--").is_some() || after_signs(after, "<-").is_some();
    (is_number(&literal) && (name || arrow)).then(|| (literal.to_string(), after))
}

// error: `dat Image` starts no item [D0001]
// error: `let` is Rust, and starts no item of a diagram [D0001]
fn not_an_item(reader: Reader<'_>, first: &str, after: Cursor<'_>) -> Error {
    let place = reader.here();
    // Both words are taken, so that what follows `dat` is not read as an item of its own.
    reader.skip();
    reader.skip();
    let fault = if is_keyword(first) {
        let message = format!("`{first}` is Rust, and starts no item of a diagram");
        let help = (first == "let").then(|| "leave `let` out".to_owned());
        Fault::new(Code::UnexpectedToken, message).maybe_help(help)
    } else {
        let next = after
            .ident()
            .map_or(String::new(), |(next, _)| next.to_string());
        let help = nearest(first, WORDS).map(|near| format!("did you mean `{near}`?"));
        Fault::new(
            Code::UnexpectedToken,
            format!("`{first} {next}` starts no item"),
        )
        .maybe_help(help)
    };
    Error::new(place, fault)
}

/// `name ':'`, and an object, a cell or an inclusion.
fn named(reader: Reader<'_>) -> Result<ItemKind> {
    let after_colon = name_then(reader.cursor()).and_then(|(_, colon)| after_sign(colon, ":"));
    let shape = after_colon.is_some_and(|rest| {
        let dims = rest.ident().map_or(rest, |(_, dims)| dims);
        dims.group(Delimiter::Bracket).is_some()
    });
    if shape {
        let name = reader.declared("an object")?;
        reader.sign(":", "the name of an object")?;
        return Ok(ItemKind::Object {
            name,
            shape: Shape::parse(reader)?,
            metric: metric(reader)?,
        });
    }
    if after_colon.is_some_and(statement::at_include) {
        return statement::labelled(reader);
    }
    let place = reader.here();
    let name = reader.name("a cell")?;
    reader.sign(":", "the name of a cell")?;
    if let Some((object, after)) = reader.cursor().ident()
        && (after.eof() || after_sign(after, ";").is_some())
    {
        reader.skip();
        // error: `Label: Image` is neither an object nor a cell [D0001]
        let message = format!("`{name}: {object}` is neither an object nor a cell");
        let datum = bare(&name).starts_with(char::is_uppercase);
        let help =
            datum.then(|| format!("a value of an object is a datum: `data {name}: {object};`"));
        let fault = Fault::new(Code::UnexpectedToken, message).maybe_help(help);
        return Err(Error::new(place.to(Place::of(object.span())), fault));
    }
    Ok(ItemKind::Cell {
        name: Some(name),
        cell: Cell::parse(reader)?,
    })
}

/// `name '=' definition`
fn definition(reader: Reader<'_>) -> Result<ItemKind> {
    let name = reader.declared("a morphism")?;
    let equals = reader.sign("=", "the name of a morphism")?;
    let definition = Definition::parse(reader)?;
    if CLAUSES.iter().any(|clause| reader.at_word(clause)) {
        return Err(Error::new(equals, equals_for_tilde()));
    }
    if reader.at_sign("~") {
        // error: the name of a cell is followed by `:`, not `=` [D0001]
        let message = "the name of a cell is followed by `:`, not `=`";
        let fault = Fault::new(Code::UnexpectedToken, message);
        return Err(Error::new(equals, fault));
    }
    Ok(ItemKind::Definition { name, definition })
}
