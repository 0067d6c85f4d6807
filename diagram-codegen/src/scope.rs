//! The names that dims and arguments may use: hyper-parameters, dynamic dims and constants.

use std::cell::RefCell;
use std::collections::HashSet;

use diagram_core::dim::Facts;
use diagram_core::{Code, Dim, Fault, Generic, GenericKind, HyperType, Snippet, check};
use diagram_layers::arguments as rules;
use proc_macro2::{Literal, TokenStream};
use quote::ToTokens;

mod constants;

pub use constants::{Constant, mentions};

use crate::place::{Place, Placed};
use crate::syntax::tree::{self, DimKind, Rust, bare};

/// The hyper-parameters, dynamic dims and constants of one diagram.
#[derive(Debug, Default)]
pub struct Scope {
    /// Hyper-parameters, in order of declaration.
    pub hypers: Vec<ScopedHyper>,
    /// Dynamic dims, in order of declaration.
    pub dynamics: Vec<String>,
    /// Names that may be declared in what could not be read: they are taken for sizes.
    pub lost: HashSet<String>,
    /// What is stated of them.
    pub facts: Facts,
    /// The generics of the diagram.
    pub generics: Vec<Generic>,
    /// The constants that dims have named so far, each once.
    pub constants: RefCell<Vec<Constant>>,
    /// The tokens of the pieces of Rust in the diagram, by the ids of its snippets.
    pub snippets: RefCell<Vec<TokenStream>>,
}

/// A hyper-parameter as definitions see it.
#[derive(Debug)]
pub struct ScopedHyper {
    /// Its bare name.
    pub name: String,
    /// What may be done with it.
    pub ty: HyperType,
}

/// What may be done with a hyper-parameter of a type written in Rust.
#[must_use]
pub fn hyper_type(ty: &Rust<syn::Type>) -> HyperType {
    match ty.text().as_str() {
        "usize" => HyperType::Size,
        "f64" => HyperType::Float,
        "bool" => HyperType::Bool,
        other => HyperType::Other(other.into()),
    }
}

impl Scope {
    /// A piece of Rust, whose tokens are kept here.
    pub fn snippet<T: ToTokens>(&self, rust: &Rust<T>) -> Snippet {
        self.snippet_of(rust.text(), rust.0.to_token_stream())
    }

    /// The same of tokens that are shown as this text.
    pub fn snippet_of(&self, text: String, tokens: TokenStream) -> Snippet {
        let mut snippets = self.snippets.borrow_mut();
        let id = Some(snippets.len());
        snippets.push(tokens);
        Snippet { text, id }
    }

    /// The hyper-parameter of this name.
    #[must_use]
    pub fn hyper(&self, name: &str) -> Option<&ScopedHyper> {
        self.hypers.iter().find(|hyper| hyper.name == name)
    }

    /// That no hyper-parameter has this name, where one of type `f64` is meant.
    pub(crate) fn no_float(&self, name: &str) -> Fault {
        let floats = self.hypers.iter();
        let floats = floats.filter(|hyper| hyper.ty == HyperType::Float);
        let floats = floats.map(|hyper| hyper.name.as_str());
        rules::no_hyper(name, floats)
    }

    /// Whether this is a dynamic dim.
    #[must_use]
    pub fn is_dynamic(&self, name: &str) -> bool {
        self.dynamics.iter().any(|dynamic| dynamic == name)
    }

    /// The first dynamic dim that occurs in a dim, if any: such a dim sizes no parameter.
    #[must_use]
    pub fn dynamic_in<'a>(&self, dim: &'a Dim) -> Option<&'a str> {
        dim.symbols()
            .into_iter()
            .find(|symbol| self.is_dynamic(symbol))
    }

    /// The hyper-parameters that may stand in dims, and the dynamic dims: what is no constant.
    #[must_use]
    pub fn variables(&self) -> Vec<String> {
        let sizes = self
            .hypers
            .iter()
            .filter(|hyper| hyper.ty == HyperType::Size);
        let dynamics = self.dynamics.iter().cloned();
        dynamics
            .chain(sizes.map(|hyper| hyper.name.clone()))
            .collect()
    }

    /// Every name that may stand in a dim.
    pub fn dim_names(&self) -> impl Iterator<Item = &str> {
        let sizes = self
            .hypers
            .iter()
            .filter(|hyper| hyper.ty == HyperType::Size);
        let dynamics = self.dynamics.iter().map(String::as_str);
        let generics = self.generics.iter().filter(|generic| generic.is_size());
        dynamics
            .chain(sizes.map(|hyper| hyper.name.as_str()))
            .chain(generics.map(|generic| generic.name.as_str()))
    }

    /// The meaning of a dim as written.
    ///
    /// # Errors
    ///
    /// A name that is not declared or no size, a number that is no extent.
    pub fn dim(&self, dim: &tree::Dim) -> Result<Dim, Placed> {
        match &dim.kind {
            DimKind::Number(literal) => number(literal, dim.place),
            DimKind::Name(name) => self.named_dim(name),
            DimKind::Constant(path) => Ok(self.constant(path, dim.place)),
            DimKind::Binary(op, left, right) => {
                Ok(Dim::binary(*op, self.dim(left)?, self.dim(right)?))
            }
        }
    }

    /// How often something is done: `f^n`.
    ///
    /// # Errors
    ///
    /// As of [`dim`](Self::dim); a number that is known only at run time, or 0.
    pub fn count(&self, count: &tree::Dim) -> Result<Dim, Placed> {
        let times = self.dim(count)?;
        match check::count(&times, &self.facts, &self.dynamics) {
            Ok(()) => Ok(times),
            Err(fault) => Err((count.place, fault)),
        }
    }

    fn named_dim(&self, ident: &proc_macro2::Ident) -> Result<Dim, Placed> {
        let place = Place::of(ident.span());
        let name = bare(ident);
        let mut generics = self.generics.iter();
        let generic = generics.find(|generic| generic.name == name);
        match self.hyper(&name) {
            _ if self.is_dynamic(&name) => Ok(Dim::Symbol(name)),
            // error: `FLAG` is of type `bool`, and a size is of type `usize` [D0205]
            None if let Some(generic) = generic.filter(|generic| !generic.is_size()) => {
                let what = match &generic.kind {
                    GenericKind::Constant(ty) => format!("of type `{ty}`"),
                    GenericKind::Type(_) => "a type".to_owned(),
                };
                let message = format!("`{name}` is {what}, and a size is of type `usize`");
                let help = format!("declare it as `const {name}: usize`");
                Err((place, Fault::new(Code::NotASize, message).help(help)))
            }
            Some(hyper) => match &hyper.ty {
                HyperType::Size => Ok(Dim::Symbol(name)),
                ty => Err((place, check::not_a_size(&name, ty))),
            },
            None if self.lost.contains(&name) => Ok(Dim::Symbol(name)),
            None if generic.is_some() || is_constant(&name) => {
                Ok(self.constant(&Rust(syn::Path::from(ident.clone())), place))
            }
            None => Err((place, check::no_dim(&name, self.dim_names()))),
        }
    }
}

/// The dim that a number is.
///
/// # Errors
///
/// It is no whole number.
pub(crate) fn number(literal: &Literal, place: Place) -> Result<Dim, Placed> {
    let whole = syn::parse_str::<syn::LitInt>(&literal.to_string()).ok();
    let whole = whole.filter(|literal| matches!(literal.suffix(), "" | "usize"));
    let Some(whole) = whole else {
        return Err(not_a_size(place, literal));
    };
    whole.base10_parse().map(Dim::Literal).map_err(|_| {
        // error: `18446744073709551616` is too large for a size [D0204]
        let message = format!("`{literal}` is too large for a size");
        (place, Fault::new(Code::DimOverflow, message))
    })
}

/// Whether a name is spelt like a constant of Rust.
pub(crate) fn is_constant(name: &str) -> bool {
    name.starts_with(char::is_uppercase)
}

// error: `2.5` is no extent of an axis [D0205]
fn not_a_size(place: Place, literal: &proc_macro2::Literal) -> Placed {
    let message = format!("`{literal}` is no extent of an axis: a whole number is expected");
    (place, Fault::new(Code::NotASize, message))
}
