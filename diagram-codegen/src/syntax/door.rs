//! What is done to the tokens before they are read: invisible groups are opened, and too deep a nesting
//! is refused, so that no reader after this needs to think of either.

use diagram_core::{Code, Fault};
use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

use super::{Error, Result};
use crate::place::Place;

/// How deep groups may nest.
const DEPTH: usize = 64;

/// The tokens without invisible groups.
///
/// A `macro_rules!` fragment (`$rate:literal`, `$width:expr`) arrives in a group without delimiters. One
/// that holds an operation keeps together as if it stood in parentheses; any other is spliced in.
pub(super) fn admit(tokens: TokenStream) -> Result<TokenStream> {
    if has_invisible(&tokens, 0)? {
        Ok(open(tokens))
    } else {
        Ok(tokens)
    }
}

fn has_invisible(tokens: &TokenStream, depth: usize) -> Result<bool> {
    let mut found = false;
    for token in tokens.clone() {
        if let TokenTree::Group(group) = token {
            if depth == DEPTH {
                // error: groups are nested deeper than 64 levels [D0001]
                let message = format!("groups are nested deeper than {DEPTH} levels");
                let fault = Fault::new(Code::UnexpectedToken, message)
                    .help("give the inner part a name of its own");
                return Err(Error::new(Place::of(group.span_open()), fault));
            }
            found |= group.delimiter() == Delimiter::None;
            found |= has_invisible(&group.stream(), depth + 1)?;
        }
    }
    Ok(found)
}

fn open(tokens: TokenStream) -> TokenStream {
    let mut opened = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner = open(group.stream());
                let delimiter = match group.delimiter() {
                    Delimiter::None if holds_operation(&inner) => Delimiter::Parenthesis,
                    delimiter => delimiter,
                };
                if delimiter == Delimiter::None {
                    opened.extend(inner);
                } else {
                    let mut rebuilt = Group::new(delimiter, inner);
                    rebuilt.set_span(group.span());
                    opened.extend([TokenTree::Group(rebuilt)]);
                }
            }
            token => opened.extend([token]),
        }
    }
    opened
}

/// Whether an operator stands between two operands: `a + b`, but not `-1`, `Vec<Vec<T>>` or `|x| x`.
fn holds_operation(tokens: &TokenStream) -> bool {
    let mut last_joint = false;
    let mut trees = tokens.clone().into_iter().peekable();
    if matches!(trees.next(), Some(TokenTree::Punct(first)) if first.as_char() == '|') {
        return false;
    }
    while let Some(token) = trees.next() {
        let TokenTree::Punct(punct) = token else {
            last_joint = false;
            continue;
        };
        let infix = match punct.as_char() {
            '+' | '-' | '*' | '/' | '%' | '^' => true,
            '>' => last_joint,
            _ => false,
        };
        if infix && trees.peek().is_some() {
            return true;
        }
        last_joint = punct.as_char() == '>' && punct.spacing() == Spacing::Joint;
    }
    false
}
