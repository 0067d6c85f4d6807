//! Definitions: what a morphism is made of.

use diagram_core::{Code, Fault};
use proc_macro2::Delimiter;

use super::cell::arguments;
use super::reader::{Reader, after_sign, is_path_keyword};
use super::tree::{Chain, Count, Definition, DefinitionKind, Dim, Power, Product, Step, StepKind};
use super::{Error, Parse, Result, rust};
use crate::layers;

impl Parse for Definition {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        if reader.eat_word("_").is_some() {
            return Ok(Definition {
                frozen: None,
                kind: DefinitionKind::Slot,
                place: reader.since(start),
            });
        }
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
            let morphism = reader.name("a morphism")?;
            reader.skip();
            return Ok(DefinitionKind::Method {
                morphism,
                method: reader.name("a method")?,
            });
        }
        let special = ["ema", "lora", "parameter"]
            .iter()
            .any(|special| word == special);
        if special && after.group(Delimiter::Parenthesis).is_some() {
            let word = reader.name("a definition")?;
            let arguments = arguments(reader)?.unwrap_or_default();
            return Ok(DefinitionKind::Special { word, arguments });
        }
    }
    if reader.cursor().ident().is_none() && !reader.at_group(Delimiter::Parenthesis) {
        return Err(
            reader.expected("a definition: layers, a module's type, `fn`, a closure or `_`")
        );
    }
    Chain::parse(reader).map(DefinitionKind::Chain)
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
    if let Some((ident, after)) = reader.cursor().ident()
        && after.group(Delimiter::Parenthesis).is_some()
    {
        return Err(layer_as_type(reader, &ident.to_string()));
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
        .help("draw it as a morphism of its own, and name that here")
}

// error: `MaxPool2d` is a type, and layers are written in snake case [D0001]
fn layer_as_type(reader: Reader<'_>, name: &str) -> Error {
    let Some(snake) = layers::of_type(name) else {
        return Error::new(reader.here(), module_in_chain(name));
    };
    let message = format!("`{name}` is a type, and layers are written in snake case");
    let fault = Fault::new(Code::UnexpectedToken, message).help(format!("did you mean `{snake}`?"));
    Error::new(reader.here(), fault)
}

impl Parse for Chain {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let mut factors = vec![Product::parse(reader)?];
        while reader.eat_sign(">>").is_some() {
            factors.push(Product::parse(reader)?);
        }
        Ok(Chain {
            factors,
            place: reader.since(start),
        })
    }
}

impl Parse for Product {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let mut powers = vec![Power::parse(reader)?];
        while let Some(times) = reader.eat_sign("*") {
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
            if text.starts_with(char::is_uppercase) || after_sign(after, "::").is_some() {
                return Err(layer_as_type(reader, &text));
            }
            let name = reader.name("a layer or a morphism")?;
            if reader.at_group(Delimiter::Bracket) {
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
