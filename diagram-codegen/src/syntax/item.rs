//! Items: which one comes next, where it ends, and going on after one that cannot be read.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::Delimiter;
use syn::buffer::Cursor;

use super::arrow::chain;
use super::awry;
use super::cell::{CLAUSES, at_minimize, default_loss, equals_for_tilde};
use super::reader::{Reader, after_sign, after_signs, is_number};
use super::recover::{last_token, skip_item, starts_item};
use super::shape::mistaken_shape;
use super::tree::{
    Cell, Definition, DefinitionKind, Item, ItemKind, Product, Shape, StepKind, bare,
};
use super::{Error, Parse, Result, rust, statement};
use crate::place::Place;
use diagram_layers::{layers, losses};

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
            let end = end(reader, &kind, first);
            let whole = end.is_ok();
            if let Err(error) = end {
                reader.fail(error);
                skip_item(reader, before);
            }
            Item {
                attributes,
                kind,
                place,
                whole,
            }
        }
        Err(error) => {
            reader.fail(error);
            skip_item(reader, before);
            Item {
                attributes,
                kind: ItemKind::Invalid,
                place: reader.since(start),
                whole: false,
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
    if let ItemKind::Definition { definition, .. } = kind
        && let Some(sign) = [",", "+"].into_iter().find(|sign| reader.at_sign(sign))
    {
        let place = reader.here();
        let mut layers = vec![definition.to_string()];
        while reader.eat_sign(sign).is_some() {
            layers.push(Product::parse(reader)?.to_string());
        }
        let (message, help) = if sign == "," {
            // error: layers are joined by `>>`, not `,` [D0001]
            let help = format!("`{}`", layers.join(" >> "));
            ("layers are joined by `>>`, not `,`", help)
        } else {
            // error: what layers give is added by `add`, not by `+` [D0001]
            let help = format!("`({}) >> add`", layers.join(", "));
            ("what layers give is added by `add`, not by `+`", help)
        };
        let fault = Fault::new(Code::UnexpectedToken, message).help(help);
        return Err(Error::new(place, fault));
    }
    let error = reader.expected(&format!("`;` after `{last}`"));
    if matches!(kind, ItemKind::Cell { .. })
        && let Some(help) = total_by_hand(reader)
    {
        return Err(error.help(help));
    }
    if matches!(kind, ItemKind::Data { .. } | ItemKind::Object { .. }) && reader.at_sign(",") {
        return Err(error.help("end it with `;`: what follows is an item of its own"));
    }
    let clauses = matches!(
        kind,
        ItemKind::Cell { .. }
            | ItemKind::Watch { .. }
            | ItemKind::Commutes { .. }
            | ItemKind::Object { .. }
    );
    let near = reader.cursor().ident().filter(|_| clauses);
    let near = near.and_then(|(word, after)| {
        let word = word.to_string();
        // A loss without its word, or behind another one: `f ~ g using mse`.
        let loss = |name: &str| losses::find(name).is_some();
        let next = after
            .ident()
            .is_some_and(|(next, _)| loss(&next.to_string()));
        match nearest(&word, CLAUSES) {
            _ if loss(&word) => Some(format!("by {word}")),
            _ if next => Some("by".to_owned()),
            near => near.map(str::to_owned),
        }
    });
    Err(match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    })
}

/// The weighted sum of cells, which a diagram builds by itself: `f ~ g by mse * 0.5 + …`.
fn total_by_hand(reader: Reader<'_>) -> Option<String> {
    if reader.at_sign("+") {
        return Some("end the cell here with `;`: the loss is the sum of all cells".to_owned());
    }
    let (weight, _) = after_sign(reader.cursor(), "*")?.literal()?;
    is_number(&weight).then(|| format!("did you mean `weight {weight}`?"))
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
        if awry::at_shape(reader) {
            return Err(awry::shape_as_node(reader));
        }
        if reader.at_signs("--") || reader.at_signs("<-") {
            return Err(awry::sourceless(reader));
        }
        let Some((first, after)) = name_then(reader.cursor()) else {
            return Ok(ItemKind::Cell {
                name: None,
                cell: Cell::parse(reader)?,
            });
        };
        if awry::mistaken(after).is_some() {
            return awry::mistaken_chain(reader);
        }
        let lower = first.starts_with(char::is_lowercase);
        let shape = after
            .group(Delimiter::Bracket)
            .filter(|(.., rest)| ends(*rest));
        if shape.is_some() {
            return object(reader);
        }
        if after_sign(after, ":").is_some() && after_signs(after, ":=").is_none() {
            named(reader)
        } else if after_signs(after, ":=").is_some() {
            definition(reader)
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
            if first == "let" {
                return awry::without_let(reader);
            }
            Err(awry::not_an_item(reader, &first, after))
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

/// `name ':'`, and an object, a cell or an inclusion.
fn named(reader: Reader<'_>) -> Result<ItemKind> {
    let after_colon = name_then(reader.cursor()).and_then(|(_, colon)| after_sign(colon, ":"));
    let shape = after_colon.is_some_and(|rest| {
        let dims = rest.ident().map_or(rest, |(_, dims)| dims);
        dims.group(Delimiter::Bracket).is_some()
    });
    if shape || after_colon.is_some_and(mistaken_shape) {
        return object(reader);
    }
    if let Some(chain) = awry::signature(reader, after_colon) {
        return Ok(chain);
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
    if layers_only(reader.cursor()) {
        // error: a definition is written by `=`, not `:` [D0001]
        let message = "a definition is written by `=`, not `:`";
        let place = Place::of(name.span());
        reader.record(place, Fault::new(Code::UnexpectedToken, message));
        let definition = Definition::parse(reader)?;
        return Ok(ItemKind::Definition { name, definition });
    }
    Ok(ItemKind::Cell {
        name: Some(name),
        cell: Cell::parse(reader)?,
    })
}

/// Whether an item ends here.
fn ends(cursor: Cursor<'_>) -> bool {
    cursor.eof() || after_sign(cursor, ";").is_some()
}

/// Whether what stands up to the `;` starts with a layer and compares nothing.
fn layers_only(mut cursor: Cursor<'_>) -> bool {
    let layer = cursor
        .ident()
        .is_some_and(|(name, _)| layers::find(&name.to_string()).is_some());
    while !ends(cursor) {
        let word = cursor.ident().is_some_and(|(word, _)| word == "by");
        if word || after_sign(cursor, "~").is_some() || after_sign(cursor, "=").is_some() {
            return false;
        }
        cursor = cursor.token_tree().map_or(cursor, |(_, rest)| rest);
    }
    layer
}

/// `name ':' shape default_loss?`, or `=` or nothing for `:`.
fn object(reader: Reader<'_>) -> Result<ItemKind> {
    let name = reader.declared("an object")?;
    let place = Place::of(name.span());
    let colon = reader.eat_sign(":");
    let place = reader.eat_sign("=").unwrap_or(place);
    let shape = Shape::parse(reader)?;
    if colon.is_none() {
        // error: the name of an object is followed by `:` [D0001]
        let message = "the name of an object is followed by `:`";
        let fault = Fault::new(Code::UnexpectedToken, message);
        reader.record(place, fault.help(format!("`{}: {shape};`", bare(&name))));
    }
    Ok(ItemKind::Object {
        name,
        shape,
        default_loss: default_loss(reader)?,
    })
}

/// `name '=' definition`
fn definition(reader: Reader<'_>) -> Result<ItemKind> {
    let shape = name_then(reader.cursor()).and_then(|(name, equals)| {
        let upper = name.starts_with(char::is_uppercase);
        after_sign(equals, "=").filter(|_| upper)
    });
    if shape.is_some_and(|rest| {
        let dims = rest.ident().map_or(rest, |(_, dims)| dims);
        dims.group(Delimiter::Bracket).is_some()
    }) {
        return object(reader);
    }
    let name = reader.declared("a morphism")?;
    if let Some(place) = reader.eat_sign(":") {
        // error: a definition is written by `=`, not `:=` [D0001]
        let message = "a definition is written by `=`, not `:=`";
        reader.record(place, Fault::new(Code::UnexpectedToken, message));
    }
    let equals = reader.sign("=", "the name of a morphism")?;
    let definition = Definition::parse(reader)?;
    if let Some(fault) = loss_as_layer(&definition) {
        return Err(fault);
    }
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

/// `fit = mse(f, g)`: a loss is no layer.
// error: a loss is named after the two paths that it compares [D0001]
fn loss_as_layer(definition: &Definition) -> Option<Error> {
    let DefinitionKind::Chain(chain) = &definition.kind else {
        return None;
    };
    let [factor] = &chain.factors[..] else {
        return None;
    };
    let [power] = &factor.powers[..] else {
        return None;
    };
    let StepKind::Call(name, arguments) = &power.step.kind else {
        return None;
    };
    let loss = losses::spelling::meant(&bare(name))?;
    let [prediction, target] = &arguments[..] else {
        return None;
    };
    let is_layer = layers::find(&bare(name)).is_some();
    (!is_layer).then(|| super::cell::loss_called(chain.place, loss, prediction, target))
}
