//! Items that start with a word: `dyn`, `where`, `data`, `frozen`, `lora`, `watch`, `commutes`,
//! `objective`, `include`.

use diagram_core::fault::nearest;
use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident};
use syn::buffer::Cursor;

use super::cell::{CLAUSES, arguments, default_loss};
use super::reader::{Reader, after_sign, is_number, is_path_keyword};
use super::shape::{at_shape, dims_after, mistaken_shape};
use super::tree::{
    Argument, Cell, Clauses, Definition, Fact, Factor, ItemKind, Rust, Shape, Space, Term, bare,
};
use super::{Error, Parse, Result, rust};
use crate::place::Place;

/// The item that the next word starts, if it is a word of the language and no name.
pub(super) fn parse(reader: Reader<'_>) -> Option<Result<ItemKind>> {
    let (word, after) = reader.cursor().ident()?;
    let before_name = after.ident().is_some();
    let read = match word.to_string().as_str() {
        "dyn" => dynamics,
        "where" => facts,
        "data" if before_name => data,
        "frozen" if before_name => frozen,
        "lora" if before_name => lora,
        "watch" if before_name => watch,
        "commutes" if before_name || after.eof() || after_sign(after, ";").is_some() => commutes,
        "objective" if before_name => objective,
        "include" if at_include(reader.cursor()) => include,
        _ => return None,
    };
    reader.skip();
    Some(read(reader))
}

fn dynamics(reader: Reader<'_>) -> Result<ItemKind> {
    let mut names = vec![reader.declared("a dim")?];
    loop {
        if let Some(place) = reader.eat_sign(":") {
            // error: a dynamic dim has no type [D0001]
            let ty = rust::ty(reader)?;
            let place = place.to(reader.since(place.start));
            let fault = Fault::new(Code::UnexpectedToken, "a dynamic dim has no type");
            reader.record(place, fault.help(format!("leave `: {}` out", ty.text())));
        }
        if reader.at_sign("=") {
            // error: a dynamic dim has no value: the data of a batch give it one [D0001]
            let message = "a dynamic dim has no value: the data of a batch give it one";
            let place = reader.here();
            reader.skip();
            let name = names.last().map(bare).unwrap_or_default();
            let value = reader
                .cursor()
                .literal()
                .map(|(value, _)| value.to_string());
            let hyper = match value.filter(|value| value.parse::<usize>().is_ok()) {
                Some(value) => format!("`({name}: usize = {value})`"),
                None => format!("`({name}: usize)`"),
            };
            let fault = Fault::new(Code::UnexpectedToken, message).help(format!(
                "a size with a value is a hyper-parameter, after the diagram's name: {hyper}"
            ));
            return Err(Error::new(place, fault));
        }
        let next = reader.cursor().ident();
        if next.is_some_and(|(_, after)| {
            after_sign(after, ",").is_some() || after_sign(after, ";").is_some()
        }) {
            reader.fail(reader.expected("`,` between dims"));
        } else if reader.eat_sign(",").is_none() {
            return Ok(ItemKind::Dynamics(names));
        }
        names.push(reader.declared("a dim")?);
    }
}

fn facts(reader: Reader<'_>) -> Result<ItemKind> {
    reader.several(Fact::parse).map(ItemKind::Facts)
}

fn frozen(reader: Reader<'_>) -> Result<ItemKind> {
    let mut names = reader.several(|reader| reader.name("a morphism"))?;
    let equals = reader.here();
    if names.len() == 1
        && reader.eat_sign("=").is_some()
        && let Some(name) = names.pop()
    {
        // `frozen f = linear;`, read as meant.
        let start = reader.start();
        let mut definition = Definition::parse(reader)?;
        definition.frozen = Some(Place::of(start));
        // error: `frozen` stands before a definition, after `=` [D0001]
        let message = "`frozen` stands before a definition, after `=`";
        let help = format!("`{} = {definition};`", bare(&name));
        let fault = Fault::new(Code::UnexpectedToken, message).help(help);
        reader.record(equals, fault);
        return Ok(ItemKind::Definition { name, definition });
    }
    Ok(ItemKind::Frozen(names))
}

fn lora(reader: Reader<'_>) -> Result<ItemKind> {
    let morphism = reader.name("a morphism")?;
    let Some(arguments) = arguments(reader)? else {
        return Err(reader.expected(&format!("the rank of the adapters, `{morphism}(rank = 8)`")));
    };
    Ok(ItemKind::Lora {
        morphism,
        arguments,
    })
}

/// `Name,+ ':' (shape | Name dims?) default_loss?`
fn data(reader: Reader<'_>) -> Result<ItemKind> {
    let names = reader.several(|reader| reader.declared("a datum"))?;
    if let Some(place) = reader.eat_sign("=") {
        // error: the name of a datum is followed by `:`, not `=` [D0001]
        let message = "the name of a datum is followed by `:`, not `=`";
        reader.record(place, Fault::new(Code::UnexpectedToken, message));
    } else if at_shape(reader) {
        reader.fail(reader.expected("`:` after the names of data"));
    } else {
        reader.sign(":", "the names of data")?;
    }
    let space = if at_shape(reader) || mistaken_shape(reader.cursor()) {
        Space::Own(Shape::parse(reader)?)
    } else {
        if reader.cursor().ident().is_none() {
            return Err(reader.expected("an object, or a shape such as `[batch, 10]`"));
        }
        let object = reader.name("an object")?;
        let dims = dims_after(reader, &object)?;
        Space::Of { object, dims }
    };
    Ok(ItemKind::Data {
        names,
        space,
        default_loss: default_loss(reader)?,
    })
}

fn watch(reader: Reader<'_>) -> Result<ItemKind> {
    let name = reader.name("a cell")?;
    if !reader.at_sign(":") {
        // error: a watched cell has a name [D0001]
        let fault = Fault::new(Code::UnexpectedToken, "a watched cell has a name")
            .help("`watch accuracy: model ~ Label by accuracy;`");
        return Err(Error::new(reader.here(), fault));
    }
    reader.skip();
    Ok(ItemKind::Watch {
        name,
        cell: Cell::parse(reader)?,
    })
}

/// `('at' Name,+)? ('within' integer)? clause*`
fn commutes(reader: Reader<'_>) -> Result<ItemKind> {
    let at = match reader.eat_word("at") {
        Some(_) => reader.several(|reader| reader.name("an object"))?,
        None => Vec::new(),
    };
    let within = match reader.eat_word("within") {
        Some(_) => Some(reader.integer("a number of arrows")?),
        None => None,
    };
    if !reader.is_empty()
        && !reader.at_sign(";")
        && !CLAUSES.iter().any(|word| reader.at_word(word))
    {
        let error = reader.expected("`at`, `within`, `by`, `weight`, `mask` or `;`");
        let word = reader
            .cursor()
            .ident()
            .map(|(word, _)| word.to_string())
            .unwrap_or_default();
        let near = nearest(&word, CLAUSES.into_iter().chain(["at", "within"]));
        return Err(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        });
    }
    Ok(ItemKind::Commutes {
        at,
        within,
        clauses: Clauses::parse(reader)?,
    })
}

/// A word in the middle of an item; a misspelt one is proposed.
fn word(reader: Reader<'_>, word: &str, after: &str) -> Result<()> {
    if reader.eat_word(word).is_some() {
        return Ok(());
    }
    let error = reader.expected(&format!("`{word}` after {after}"));
    let near = reader
        .cursor()
        .ident()
        .and_then(|(found, _)| nearest(&found.to_string(), [word]).map(str::to_owned));
    Err(match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    })
}

/// `name 'trains' name,+ 'minimizes' sum ('every' integer)?`
fn objective(reader: Reader<'_>) -> Result<ItemKind> {
    let name = reader.name("an objective")?;
    word(reader, "trains", "the name of an objective")?;
    let trains = reader.several(|reader| reader.name("a morphism"))?;
    word(
        reader,
        "minimizes",
        "the morphisms that an objective trains",
    )?;
    let mut sum = vec![term(reader, reader.eat_sign("-").is_some())?];
    loop {
        if reader.eat_sign("+").is_some() {
            sum.push(term(reader, false)?);
        } else if reader.eat_sign("-").is_some() {
            sum.push(term(reader, true)?);
        } else {
            break;
        }
    }
    let every = match reader.eat_word("every") {
        Some(_) => Some(reader.integer("a number of steps")?),
        None => None,
    };
    Ok(ItemKind::Objective {
        name,
        trains,
        sum,
        every,
    })
}

/// `(factor '*')? name`
fn term(reader: Reader<'_>, negative: bool) -> Result<Term> {
    let factor = match (reader.cursor().literal(), reader.cursor().ident()) {
        (Some((literal, after)), _) if is_number(&literal) && after_sign(after, "*").is_some() => {
            reader.skip();
            Some(Factor::Number(Rust(literal)))
        }
        (_, Some((ident, after)))
            if after_sign(after, "::").is_some()
                || after_sign(after, "*").is_some()
                || is_path_keyword(&ident.to_string()) =>
        {
            Some(Factor::Name(rust::path(reader)?))
        }
        _ => None,
    };
    if factor.is_some() {
        reader.sign("*", "the factor of a cell")?;
    }
    Ok(Term {
        negative,
        factor,
        cell: reader.name("a cell")?,
    })
}

/// Whether the word `include` comes here, before a path.
pub(super) fn at_include(cursor: Cursor<'_>) -> bool {
    cursor.ident().is_some_and(|(word, after)| {
        word == "include" && (after.ident().is_some() || after_sign(after, "::").is_some())
    })
}

/// `name,+ ':' 'include' …`
pub(super) fn labelled(reader: Reader<'_>) -> Result<ItemKind> {
    let place = reader.here();
    let labels = reader.several(|reader| reader.name("an inclusion"))?;
    if reader.at_signs("--") || reader.at_signs("<-") {
        // error: a product of objects is written `A * B` [D0001]
        let names: Vec<_> = labels.iter().map(ToString::to_string).collect();
        let message = format!("a product of objects is written `{}`", names.join(" * "));
        let fault = Fault::new(Code::UnexpectedToken, message);
        return Err(Error::new(reader.since(place.start), fault));
    }
    reader.sign(":", "the labels of an inclusion")?;
    if !at_include(reader.cursor()) {
        // error: each object is declared by itself [D0001]
        let fault = Fault::new(Code::UnexpectedToken, "each object is declared by itself");
        let help = Shape::parse(reader).map(|shape| {
            let items = labels.iter().map(|label| format!("{label}: {shape};"));
            format!("`{}`", items.collect::<Vec<_>>().join(" "))
        });
        return Err(Error::new(place, fault.maybe_help(help.ok())));
    }
    reader.skip();
    inclusion(reader, labels)
}

fn include(reader: Reader<'_>) -> Result<ItemKind> {
    inclusion(reader, Vec::new())
}

/// `Path ('(' argument,* ')')? ('over' Path,+)? ('{' … '}')?`
fn inclusion(reader: Reader<'_>, labels: Vec<Ident>) -> Result<ItemKind> {
    let diagram = rust::path(reader)?;
    let arguments: Vec<Argument> = arguments(reader)?.unwrap_or_default();
    let over = match reader.eat_word("over") {
        Some(_) => reader.several(rust::path)?,
        None => Vec::new(),
    };
    let renames = if reader.at_group(Delimiter::Brace) {
        Some(reader.group(Delimiter::Brace, |inner| inner.list(rename))?)
    } else {
        None
    };
    Ok(ItemKind::Include {
        labels,
        diagram,
        arguments,
        over,
        renames,
    })
}

/// `name '=>' (name | '_')`
fn rename(reader: Reader<'_>) -> Result<(Ident, Option<Ident>)> {
    let theirs = reader.name("a part of the other diagram")?;
    reader.sign("=>", "the other diagram's name")?;
    let ours = match reader.eat_word("_") {
        Some(_) => None,
        None => Some(reader.name("a part of this diagram")?),
    };
    Ok((theirs, ours))
}
