//! Constants of Rust, which dims name by any path, const generics among them.

use std::cell::Ref;

use diagram_core::Dim;
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;

use super::Scope;
use crate::idents::field_ident;
use crate::place::Place;
use crate::syntax::tree::{Rust, bare};

/// A constant that dims name.
#[derive(Clone, Debug)]
pub struct Constant {
    /// The path, as written: the symbol that stands for it in dims.
    pub name: String,
    /// The path.
    pub path: Rust<syn::Path>,
    /// Where it was named first.
    pub place: Place,
    /// The constant of the configuration that has its value; `None` for what generics decide, which has
    /// a value only in generic code.
    pub alias: Option<Ident>,
}

impl Scope {
    /// The constants that dims have named so far.
    pub fn constants(&self) -> Ref<'_, [Constant]> {
        Ref::map(self.constants.borrow(), Vec::as_slice)
    }

    /// The symbol of a constant, which is known from here on.
    pub(super) fn constant(&self, path: &Rust<syn::Path>, place: Place) -> Dim {
        let name = path.text();
        let known = self.constants().iter().any(|known| known.name == name);
        if !known {
            let generic = self
                .generics
                .iter()
                .any(|generic| mentions(path.to_token_stream(), &generic.name));
            let alias = (!generic).then(|| self.alias(&name));
            self.constants.borrow_mut().push(Constant {
                name: name.clone(),
                path: Rust(path.0.clone()),
                place,
                alias,
            });
        }
        Dim::Symbol(name)
    }

    /// The constant of the configuration that has the value of another: `__CLASSES`, `__CRATE_WIDTH`.
    fn alias(&self, path: &str) -> Ident {
        let words = path.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        let mut alias = format!("__{}", words.join("_").to_uppercase());
        let constants = self.constants();
        let taken = |alias: &str| {
            let mut others = constants.iter().filter_map(|known| known.alias.as_ref());
            others.any(|other| other == alias)
        };
        while taken(&alias) {
            alias.push('_');
        }
        field_ident(&alias)
    }
}

/// Whether tokens name something, be it written raw.
#[must_use]
pub fn mentions(tokens: TokenStream, name: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => bare(&ident) == name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
