//! Definitions: what a morphism is made of.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Ident};
use syn::buffer::Cursor;

use super::cell::arguments;
use super::reader::{Reader, after_sign, after_signs, is_integer, is_path_keyword};
use super::tree::{
    Argument, Chain, Count, Definition, DefinitionKind, Dim, Power, Product, Step, StepKind, bare,
};
use super::{Error, Parse, Result, rust, tree};
use crate::place::Place;
use diagram_layers::layers;

impl Parse for Definition {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let frozen = if at_frozen(reader) {
            reader.eat_word("frozen")
        } else {
            None
        };
        let kind = kind(reader)?;
        Ok(Definition {
            frozen,
            kind,
            place: reader.since(start),
        })
    }
}

/// Whether the word `frozen` comes next, and not a name.
fn at_frozen(reader: Reader<'_>) -> bool {
    reader.cursor().ident().is_some_and(|(word, after)| {
        let starts = after.ident().is_some()
            || after.group(Delimiter::Parenthesis).is_some()
            || ["|", "||", "<", "::"]
                .iter()
                .any(|sign| after_sign(after, sign).is_some());
        word == "frozen" && starts
    })
}

fn kind(reader: Reader<'_>) -> Result<DefinitionKind> {
    if reader.eat_word("_").is_some() {
        return Ok(DefinitionKind::Slot);
    }
    if reader.eat_word("fn").is_some() {
        return rust::expression_path(reader).map(DefinitionKind::Function);
    }
    if reader.at_signs("|") || reader.at_word("move") {
        return rust::expression(reader).map(DefinitionKind::Closure);
    }
    if at_type(reader) {
        return module(reader);
    }
    if let Some((word, after)) = reader.cursor().ident() {
        if after_sign(after, ".").is_some() {
            if let Some((_, last, after)) = path(reader.cursor())
                && after.group(Delimiter::Parenthesis).is_some()
                && layers::spelling::alike(&last).is_some()
            {
                return Chain::parse(reader).map(DefinitionKind::Chain);
            }
            let morphism = reader.name("a morphism")?;
            reader.skip();
            return Ok(DefinitionKind::Method {
                morphism,
                method: reader.name("a method")?,
            });
        }
        let called = after.group(Delimiter::Parenthesis).is_some();
        if called && word == "lora" {
            reader.skip();
            return reader.group(Delimiter::Parenthesis, adapted);
        }
        if called && (word == "ema" || word == "parameter") {
            let word = reader.name("a definition")?;
            let arguments = arguments(reader)?.unwrap_or_default();
            return Ok(DefinitionKind::Special { word, arguments });
        }
    }
    if reader.cursor().ident().is_none() && !reader.at_group(Delimiter::Parenthesis) {
        let error =
            reader.expected("a definition: layers, a module's type, `fn`, a closure or `_`");
        let lists = [Delimiter::Bracket, Delimiter::Brace];
        let list = lists.into_iter().find(|list| reader.at_group(*list));
        let layers = list.map(|list| reader.group(list, |inner| inner.list(Chain::parse)));
        return Err(match layers {
            Some(Ok(layers)) if !layers.is_empty() => {
                let layers: Vec<_> = layers.iter().map(ToString::to_string).collect();
                let chain = layers.join(" >> ");
                error.help(format!("join layers by `>>`, without brackets: `{chain}`"))
            }
            _ => error,
        });
    }
    Chain::parse(reader).map(DefinitionKind::Chain)
}

/// `definition (',' argument)*`
fn adapted(reader: Reader<'_>) -> Result<DefinitionKind> {
    let named = reader
        .cursor()
        .ident()
        .is_some_and(|(_, after)| after_sign(after, "=").is_some());
    if reader.is_empty() || named {
        // error: expected what is adapted, as in `lora(Vit, rank = 8)`, found `rank` [D0001]
        return Err(reader.expected("what is adapted, as in `lora(Vit, rank = 8)`"));
    }
    let of = Box::new(Definition::parse(reader)?);
    let arguments = match reader.eat_sign(",") {
        Some(_) => reader.list(Argument::parse)?,
        None => Vec::new(),
    };
    Ok(DefinitionKind::Adapted { of, arguments })
}

/// Whether a type comes next: a name in upper case, or a path of several segments.
fn at_type(reader: Reader<'_>) -> bool {
    if reader.at_sign("::") || reader.at_sign("<") {
        return true;
    }
    reader.cursor().ident().is_some_and(|(ident, after)| {
        let text = ident.to_string();
        let path = after_sign(after, "::").is_some() || is_path_keyword(&text) && text != "_";
        path || text.starts_with(char::is_uppercase)
    })
}

/// `Type (':' Expr)?`
fn module(reader: Reader<'_>) -> Result<DefinitionKind> {
    if let Some((_, last, after)) = path(reader.cursor()) {
        let goes_on =
            after.group(Delimiter::Parenthesis).is_some() || after_sign(after, ">>").is_some();
        if goes_on && layers::spelling::alike(&last).is_some() {
            return Chain::parse(reader).map(DefinitionKind::Chain);
        }
        if after.group(Delimiter::Parenthesis).is_some() {
            return Err(if last.starts_with(char::is_lowercase) {
                module_built(reader)?
            } else {
                Error::new(reader.here(), module_in_chain(&last))
            });
        }
    }
    let start = reader.start();
    let ty = rust::ty(reader)?;
    if reader.at_sign(">>") || reader.at_sign("*") || reader.at_signs("^") {
        return Err(Error::new(reader.since(start), module_in_chain(&ty.text())));
    }
    let config = match reader.eat_sign(":") {
        Some(_) => Some(Box::new(rust::expression(reader)?)),
        None => None,
    };
    Ok(DefinitionKind::Module { ty, config })
}

// error: the module `Teacher` cannot stand in a chain of layers [D0001]
fn module_in_chain(ty: &str) -> Fault {
    let message = format!("the module `{ty}` cannot stand in a chain of layers");
    Fault::new(Code::UnexpectedToken, message)
        .help("draw it, and what stands around it, as morphisms of their own, and compose those")
}

/// `Teacher::new(3)`, a value where the type of one is named.
fn module_built(reader: Reader<'_>) -> Result<Error> {
    let start = reader.start();
    let mut path = rust::path(reader)?.0;
    path.segments.pop();
    path.segments.pop_punct();
    let ty = tree::Rust(path);
    reader.skip();
    // error: a morphism names the type of a module, and this builds one [D0001]
    let message = "a morphism names the type of a module, and this builds one";
    let help = format!("`{ty}`; the module itself is passed to `init`");
    let fault = Fault::new(Code::UnexpectedToken, message).help(help);
    Ok(Error::new(reader.since(start), fault))
}

/// A path of names, joined by `::` or, as other languages do, by `.`: how many tokens, its last name, and
/// what follows.
fn path(mut cursor: Cursor<'_>) -> Option<(usize, String, Cursor<'_>)> {
    let mut tokens = 0;
    loop {
        let (name, after) = cursor.ident()?;
        let (sign, rest) = match (after_sign(after, "::"), after_sign(after, ".")) {
            (Some(rest), _) => (2, rest),
            (_, Some(rest)) => (1, rest),
            _ => return Some((tokens + 1, name.to_string(), after)),
        };
        tokens += 1 + sign;
        cursor = rest;
    }
}

/// Whether a layer comes next behind its library's name: `nn.Linear(…)`.
fn at_path_of_layer(reader: Reader<'_>) -> bool {
    path(reader.cursor()).is_some_and(|(tokens, last, after)| {
        let called = after.group(Delimiter::Parenthesis).is_some();
        tokens > 1
            && called
            && last.starts_with(char::is_uppercase)
            && layers::spelling::alike(&last).is_some()
    })
}

/// A layer that is written as a type or behind its library's name, read as meant.
// error: `MaxPool2d` is a type, and layers are written in snake case [D0001]
fn layer_as_type(reader: Reader<'_>) -> Result<Ident> {
    let start = reader.start();
    let Some((tokens, last, _)) = path(reader.cursor()) else {
        return Err(reader.expected("a layer or a morphism"));
    };
    let Some(layer) = layers::spelling::alike(&last) else {
        return Err(Error::new(reader.here(), module_in_chain(&last)));
    };
    let mut written = String::new();
    for _ in 0..tokens {
        written.extend(reader.skip().map(|token| token.to_string()));
    }
    let message = if tokens == 1 {
        format!("`{written}` is a type, and layers are written in snake case")
    } else {
        // error: `nn::Linear` is a path, and layers are written by their name alone [D0001]
        format!("`{written}` is a path, and layers are written by their name alone")
    };
    let fault = Fault::new(Code::UnexpectedToken, message).help(format!("did you mean `{layer}`?"));
    let place = reader.since(start);
    reader.record(place, fault);
    Ok(Ident::new(layer, place.start))
}

impl Parse for Chain {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let mut factors = vec![Product::parse(reader)?];
        let mut joined = None;
        loop {
            if reader.eat_sign(">>").is_none() {
                let Some(other) = other_join(reader) else {
                    break;
                };
                joined.get_or_insert(other);
            }
            factors.push(Product::parse(reader)?);
        }
        let chain = Chain {
            factors,
            place: reader.since(start),
        };
        if let Some((place, found)) = joined {
            // error: layers are joined by `>>`, not `|` [D0001]
            let message = format!("layers are joined by `>>`{found}");
            let fault = Fault::new(Code::UnexpectedToken, message);
            reader.record(place, fault.help(format!("`{chain}`")));
        }
        Ok(chain)
    }
}

/// Takes what is written for `>>` between two layers, where that is a sign, and where it is nothing leaves
/// the layer that follows.
fn other_join(reader: Reader<'_>) -> Option<(Place, String)> {
    let starts_layer = |cursor: Cursor<'_>| {
        cursor.ident().is_some_and(|(name, after)| {
            let plain = ["=", ":", "~"]
                .iter()
                .all(|sign| after_sign(after, sign).is_none());
            plain && layers::spelling::alike(&bare(&name)).is_some()
        })
    };
    let signs = ["->", "=>", "|>", ">", "|", "."];
    let cursor = reader.cursor();
    if let Some(sign) = signs
        .iter()
        .find(|sign| after_signs(cursor, sign).is_some_and(starts_layer))
    {
        return Some((reader.eat_signs(sign)?, format!(", not `{sign}`")));
    }
    starts_layer(cursor).then(|| (reader.here(), String::new()))
}

impl Parse for Product {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let mut powers = vec![Power::parse(reader)?];
        while let Some(times) = reader.eat_sign("*") {
            if let Some(count) = reader.literal().filter(is_integer) {
                let product = Product {
                    powers,
                    place: reader.since(start),
                };
                // error: layers are repeated by `repeat`, not by `*` [D0001]
                let message = "layers are repeated by `repeat`, not by `*`";
                let help = format!("`repeat({count}, {product})`");
                let fault = Fault::new(Code::UnexpectedToken, message).help(help);
                reader.record(times, fault);
                return Ok(product);
            }
            if reader.cursor().ident().is_none() && !reader.at_group(Delimiter::Parenthesis) {
                let product = Product {
                    powers,
                    place: reader.since(start),
                };
                // error: the product `linear *` lacks its last factor [D0011]
                let message = format!("the product `{product} *` lacks its last factor");
                reader.record(times, Fault::new(Code::UnclosedProduct, message));
                return Ok(product);
            }
            powers.push(Power::parse(reader)?);
        }
        Ok(Product {
            powers,
            place: reader.since(start),
        })
    }
}

impl Parse for Power {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let step = Step::parse(reader)?;
        let count = match reader.eat_signs("^") {
            Some(_) => Some(Count::parse(reader)?),
            None => None,
        };
        Ok(Power { step, count })
    }
}

impl Parse for Step {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let kind = if reader.at_group(Delimiter::Parenthesis) {
            StepKind::Chains(chains(reader)?)
        } else if let Some((ident, after)) = reader.cursor().ident() {
            let text = ident.to_string();
            let name = if text.starts_with(char::is_uppercase)
                || after_sign(after, "::").is_some()
                || at_path_of_layer(reader)
            {
                layer_as_type(reader)?
            } else {
                reader.name("a layer or a morphism")?
            };
            if reader.cursor().literal().is_some() || reader.at_group(Delimiter::Brace) {
                // error: the arguments of `linear` stand in parentheses [D0001]
                let message = format!("the arguments of `{}` stand in parentheses", bare(&name));
                let fault = Fault::new(Code::UnexpectedToken, message);
                return Err(Error::new(reader.here(), fault));
            }
            if name == "again" && reader.at_group(Delimiter::Parenthesis) {
                let chain = reader.group(Delimiter::Parenthesis, again)?;
                StepKind::Again(name, Box::new(chain))
            } else if reader.at_group(Delimiter::Bracket) {
                StepKind::Dims(
                    name,
                    reader.group(Delimiter::Bracket, |inner| inner.list(Dim::parse))?,
                )
            } else {
                match arguments(reader)? {
                    Some(arguments) => StepKind::Call(name, arguments),
                    None => StepKind::Name(name),
                }
            }
        } else {
            return Err(reader.expected("a layer or a morphism"));
        };
        Ok(Step {
            kind,
            place: reader.since(start),
        })
    }
}

/// `again(chain)`, after the word.
fn again(reader: Reader<'_>) -> Result<Chain> {
    let chain = Chain::parse(reader)?;
    reader.eat_sign(",");
    if !reader.is_empty() {
        // error: `again` takes one chain [D0001]
        let fault = Fault::new(Code::UnexpectedToken, "`again` takes one chain");
        return Err(Error::new(reader.here(), fault));
    }
    Ok(chain)
}

fn chains(reader: Reader<'_>) -> Result<Vec<Chain>> {
    if reader.at_unit() {
        return Err(Error::new(
            reader.here(),
            // error: an empty product of layers [D0011]
            Fault::new(Code::UnclosedProduct, "an empty product of layers"),
        ));
    }
    reader.group(Delimiter::Parenthesis, |inner| inner.list(Chain::parse))
}
