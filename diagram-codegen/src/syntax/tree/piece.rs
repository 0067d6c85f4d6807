//! What every part of the tree is made of: names, and pieces of Rust.

use std::fmt;
use std::ops::Deref;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::ext::IdentExt;

use super::super::print;

/// A name without its `r#`, as messages, records and the diagram's data show it.
#[must_use]
pub fn bare(name: &Ident) -> String {
    name.unraw().to_string()
}

/// A piece of the tree as messages and the diagram's data show it: as it is written, names bare.
#[must_use]
pub fn shown(piece: &impl fmt::Display) -> String {
    let text = piece.to_string();
    let mut parts = text.split("r#");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    let in_name = |letter: char| letter == '_' || letter.is_alphanumeric();
    for part in parts {
        // Before a quote it is a raw string, after a letter no beginning.
        if !part.starts_with(in_name) || shown.ends_with(in_name) {
            shown.push_str("r#");
        }
        shown.push_str(part);
    }
    shown
}

/// A piece of Rust (a type, an expression, an attribute, …), compared and shown by its tokens.
#[derive(Clone)]
pub struct Rust<T>(pub T);

impl<T> Deref for Rust<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Spacing does not count: a `macro_rules!` body drops it.
impl<T: ToTokens> PartialEq for Rust<T> {
    fn eq(&self, other: &Self) -> bool {
        fn alike(left: TokenStream, right: TokenStream) -> bool {
            let (mut left, mut right) = (left.into_iter(), right.into_iter());
            loop {
                match (left.next(), right.next()) {
                    (None, None) => return true,
                    (Some(TokenTree::Group(a)), Some(TokenTree::Group(b))) => {
                        if a.delimiter() != b.delimiter() || !alike(a.stream(), b.stream()) {
                            return false;
                        }
                    }
                    (Some(TokenTree::Punct(a)), Some(TokenTree::Punct(b))) => {
                        if a.as_char() != b.as_char() {
                            return false;
                        }
                    }
                    (Some(a), Some(b)) if a.to_string() == b.to_string() => {}
                    _ => return false,
                }
            }
        }
        alike(self.0.to_token_stream(), other.0.to_token_stream())
    }
}

impl<T: ToTokens> fmt::Debug for Rust<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text())
    }
}

impl<T: ToTokens> Rust<T> {
    /// Its tokens as text, spaced as a person would.
    pub fn text(&self) -> String {
        print::rust(self.0.to_token_stream())
    }
}
