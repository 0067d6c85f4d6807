//! What is given to layers, losses and inclusions.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, TokenTree};
use syn::buffer::Cursor;

use super::path::{at_number, learned};
use super::reader::{Reader, after_sign, is_keyword, is_number};
use super::tree::{Argument, Definition, Dim, Number, Rust, Value, ValueKind};
use super::{Parse, Result, rust};

impl Parse for Argument {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let named = reader.cursor().ident().is_some_and(|(name, after)| {
            let lower = name.to_string().starts_with(char::is_lowercase);
            after_sign(after, "=").is_some() || lower && after_sign(after, ":").is_some()
        });
        let name = if named {
            Some(reader.name("an argument")?)
        } else {
            None
        };
        if named {
            sign(reader);
        }
        Ok(Argument {
            name,
            value: Value::parse(reader)?,
        })
    }
}

/// `=` between an argument and its value, or the `:` of other languages.
fn sign(reader: Reader<'_>) {
    if let Some(place) = reader.eat_sign(":") {
        // error: an argument is given by `=`, not `:` [D0001]
        let message = "an argument is given by `=`, not `:`";
        reader.record(place, Fault::new(Code::UnexpectedToken, message));
    } else {
        reader.eat_sign("=");
    }
}

impl Parse for Value {
    fn parse(reader: Reader<'_>) -> Result<Self> {
        let start = reader.start();
        let kind = kind(reader)?;
        Ok(Value {
            kind,
            place: reader.since(start),
        })
    }
}

fn kind(reader: Reader<'_>) -> Result<ValueKind> {
    let cursor = reader.cursor();
    if reader.at_group(Delimiter::Bracket) {
        return reader
            .group(Delimiter::Bracket, |inner| inner.list(Value::parse))
            .map(ValueKind::List);
    }
    if let Some((literal, _)) = cursor.literal()
        && literal.to_string().starts_with('"')
    {
        reader.skip();
        return Ok(ValueKind::Text(Rust(literal)));
    }
    if let Some((word, after)) = cursor.ident() {
        if word == "true" || word == "false" {
            reader.skip();
            return Ok(ValueKind::Bool(word == "true"));
        }
        if word == "learned" && after.group(Delimiter::Parenthesis).is_some() {
            reader.skip();
            return learned(reader).map(ValueKind::Learned);
        }
        if ends(after) && word != "_" {
            return reader.name("a value").map(ValueKind::Name);
        }
        if is_constant(cursor) {
            return rust::path(reader).map(ValueKind::Constant);
        }
    }
    match arithmetic(cursor) {
        Some(()) => Dim::parse(reader).map(ValueKind::Dim),
        None if at_number(reader) => Number::parse(reader).map(ValueKind::Number),
        None if cursor.eof() || after_sign(cursor, ",").is_some() => {
            Err(reader.expected("a value"))
        }
        None if cursor.literal().is_some() => Err(reader.expected("a value")),
        None => Ok(ValueKind::Definition(Box::new(Definition::parse(reader)?))),
    }
}

fn ends(cursor: Cursor<'_>) -> bool {
    cursor.eof() || after_sign(cursor, ",").is_some()
}

/// Whether a value is a path of Rust, and its last segment no type: `crate::RATE`, `crate::swish`.
fn is_constant(mut cursor: Cursor<'_>) -> bool {
    let mut segments = 0;
    loop {
        let Some((segment, after)) = cursor.ident() else {
            return false;
        };
        segments += 1;
        match after_sign(after, "::") {
            Some(rest) => cursor = rest,
            None => return segments > 1 && ends(after) && !is_type(&segment.to_string()),
        }
    }
}

/// Whether a name is spelt like a type: `Teacher`, but neither `relu` nor `RATE`.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

/// Whether what stands up to the next `,` is arithmetic on sizes: names, numbers and constants joined by
/// signs, at least one of them, in parentheses or not. Layers are told apart by their arguments, `>>`
/// and `^`; a product of bare names is read as one of sizes.
fn arithmetic(mut cursor: Cursor<'_>) -> Option<()> {
    let mut operators = 0;
    let mut operand = true;
    while !ends(cursor) {
        if operand {
            let (inner, rest) = match cursor.group(Delimiter::Parenthesis) {
                Some((inner, _, rest)) => (Some(inner), rest),
                None => (None, operand_end(cursor)?),
            };
            if let Some(inner) = inner {
                // A group is an operand if it is one itself or arithmetic throughout.
                let single = operand_end(inner).is_some_and(Cursor::eof);
                if !single && (arithmetic(inner).is_none() || has_comma(inner)) {
                    return None;
                }
                operators += usize::from(!single);
            }
            cursor = rest;
        } else {
            let sign = ["+", "-", "*", "/", "%"]
                .iter()
                .find_map(|sign| after_sign(cursor, sign));
            cursor = sign?;
            operators += 1;
        }
        operand = !operand;
    }
    (operators > 0 && !operand).then_some(())
}

fn has_comma(mut cursor: Cursor<'_>) -> bool {
    while let Some((token, rest)) = cursor.token_tree() {
        if matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',') {
            return true;
        }
        cursor = rest;
    }
    false
}

/// What follows a name, a number or a constant.
fn operand_end(cursor: Cursor<'_>) -> Option<Cursor<'_>> {
    if let Some((literal, rest)) = cursor.literal() {
        return is_number(&literal).then_some(rest);
    }
    let (ident, mut rest) = cursor.ident()?;
    let mut last = ident;
    let mut segments = 1;
    while let Some(segment) = after_sign(rest, "::") {
        (last, rest) = segment.ident()?;
        segments += 1;
    }
    let text = last.to_string();
    (!is_keyword(&text) && text != "_" && !(segments > 1 && is_type(&text))).then_some(rest)
}
