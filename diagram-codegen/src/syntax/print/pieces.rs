//! Pieces of Rust as a person would space them.

use std::fmt::{Formatter, Result, Write};

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use crate::syntax::tree::Rust;

/// Attributes, one per line; doc comments as such.
pub(super) fn attributes(
    out: &mut Formatter<'_>,
    attributes: &[Rust<syn::Attribute>],
    indent: &str,
) -> Result {
    for attribute in attributes {
        out.write_str(indent)?;
        match doc(attribute) {
            Some(text) => writeln!(out, "///{text}")?,
            None => writeln!(out, "{attribute}")?,
        }
    }
    Ok(())
}

/// The text of a doc comment that can be written as one.
fn doc(attribute: &syn::Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let syn::Expr::Lit(syn::ExprLit {
        lit: syn::Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return None;
    };
    let plain = text.to_token_stream().to_string().starts_with('"');
    let text = text.value();
    let line = !text.starts_with('/') && !text.contains(['\n', '\r', '\\', '\0', '\t']);
    (meta.path.is_ident("doc") && plain && line).then_some(text)
}

/// What stood last, as far as spacing depends on it.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// Nothing, or something that takes no space behind it: `(`, `.`, `::`, `&`, an opening `|`.
    Open,
    /// A name, a number, a group.
    Operand,
    /// A keyword or an operator, which takes a space behind it.
    Operator,
}

/// Tokens of Rust, spaced as rustfmt would on one line, as far as tokens alone tell.
pub(in crate::syntax) fn rust(tokens: TokenStream) -> String {
    let mut text = String::new();
    write(&mut text, tokens);
    text
}

fn write(text: &mut String, tokens: TokenStream) {
    let mut last = Last::Open;
    let (mut angles, mut pipes) = (0_usize, 0_usize);
    let mut trees = tokens.into_iter().peekable();
    while let Some(tree) = trees.next() {
        last = match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Brace => ("{ ", " }"),
                    Delimiter::None => ("", ""),
                };
                let brace = group.delimiter() == Delimiter::Brace;
                if last == Last::Operator || brace && last == Last::Operand {
                    text.push(' ');
                }
                if brace && group.stream().is_empty() {
                    text.push_str("{}");
                } else {
                    text.push_str(open);
                    write(text, group.stream());
                    text.push_str(close);
                }
                Last::Operand
            }
            TokenTree::Punct(punct) => {
                let mut sign = punct.as_char().to_string();
                let mut joint = punct.spacing() == Spacing::Joint;
                while joint && let Some(TokenTree::Punct(next)) = trees.peek() {
                    if !glues(&sign, next.as_char()) {
                        break;
                    }
                    sign.push(next.as_char());
                    joint = next.spacing() == Spacing::Joint;
                    trees.next();
                }
                let sign = Sign {
                    generic: is_generic(text, &sign, angles),
                    sign: &sign,
                };
                match (sign.sign, sign.generic) {
                    ("<", true) => angles += 1,
                    (">", _) if angles > 0 => angles -= 1,
                    (">>", _) if angles > 0 => angles = angles.saturating_sub(2),
                    ("|", _) => pipes += 1,
                    _ => {}
                }
                sign.write(text, last, pipes)
            }
            token => {
                if last != Last::Open {
                    text.push(' ');
                }
                let word = token.to_string();
                let _ = write!(text, "{word}");
                let operator = matches!(
                    word.as_str(),
                    "return"
                        | "in"
                        | "as"
                        | "mut"
                        | "const"
                        | "move"
                        | "if"
                        | "match"
                        | "let"
                        | "else"
                        | "dyn"
                        | "impl"
                        | "where"
                        | "while"
                        | "break"
                        | "unsafe"
                        | "ref"
                        | "for"
                );
                if operator {
                    Last::Operator
                } else {
                    Last::Operand
                }
            }
        };
    }
}

/// Whether two signs that touch are one token of Rust.
fn glues(sign: &str, next: char) -> bool {
    let glued = format!("{sign}{next}");
    matches!(
        glued.as_str(),
        "::" | "->"
            | "=>"
            | "=="
            | "!="
            | "<="
            | ">="
            | "<<"
            | ">>"
            | "&&"
            | "||"
            | ".."
            | "..."
            | "..="
            | "+="
            | "-="
            | "*="
            | "/="
            | "%="
            | "^="
            | "&="
            | "|="
            | "<<="
            | ">>="
    )
}

/// Whether `<` or `>` belongs to generics: after `::`, a type's name, or nothing.
fn is_generic(text: &str, sign: &str, angles: usize) -> bool {
    match sign {
        "<" => {
            let word = text
                .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default();
            word.is_empty() && !text.ends_with(' ')
                || word.starts_with(char::is_uppercase)
                || word == "for"
        }
        ">" | ">>" => angles > 0,
        _ => false,
    }
}

struct Sign<'a> {
    sign: &'a str,
    generic: bool,
}

impl Sign<'_> {
    /// Writes it, with the spaces that it takes on either side.
    fn write(&self, text: &mut String, last: Last, pipes: usize) -> Last {
        let prefix = last != Last::Operand;
        let (before, after) = match self.sign {
            "," | ";" | ":" => (false, Last::Operator),
            "::" | "." | ".." | "..=" => (last == Last::Operator, Last::Open),
            "?" => (false, Last::Operand),
            "<" if self.generic => (last == Last::Operator, Last::Open),
            ">" | ">>" if self.generic => (false, Last::Operand),
            "#" | "$" | "!" | "'" | "&" | "&&" | "-" | "*" if prefix => {
                (last == Last::Operator, Last::Open)
            }
            "!" => (false, Last::Open),
            "#" | "'" => (true, Last::Open),
            "||" if prefix => (last == Last::Operator, Last::Operator),
            // The first `|` of two opens a closure's arguments where an operand belongs.
            "|" if prefix && pipes % 2 == 1 => (last == Last::Operator, Last::Open),
            "|" if pipes.is_multiple_of(2) => (false, Last::Operator),
            _ => (true, Last::Operator),
        };
        if before {
            text.push(' ');
        }
        text.push_str(self.sign);
        after
    }
}
