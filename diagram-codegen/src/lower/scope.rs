//! The names that dims and arguments may use: hyper-parameters, dynamic dims and constants.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Bound;

use diagram_core::dim::{Facts, simplify};
use diagram_core::{Code, Dim, Fault, Range, check, fault::nearest};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

mod code;
mod constants;

pub use code::{called, dim_ident, field_ident, located, size_code_by, value_code};
pub use constants::{Constant, ScopedGeneric, mentions};

pub use crate::syntax::tree::Placed;
use crate::syntax::tree::{self, DimKind, Place, Rust, bare};

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
    pub generics: Vec<ScopedGeneric>,
    /// The constants that dims have named so far, each once.
    pub constants: RefCell<Vec<Constant>>,
}

/// A hyper-parameter as definitions see it.
#[derive(Debug)]
pub struct ScopedHyper {
    /// Its bare name.
    pub name: String,
    /// What may be done with it.
    pub ty: HyperType,
}

/// What a hyper-parameter's type allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HyperType {
    /// `usize`: it may size axes and parameters.
    Size,
    /// `f64`: it may be a rate, a weight, a temperature.
    Float,
    /// `bool`: a switch.
    Bool,
    /// Anything else, as written.
    Other(String),
}

impl std::fmt::Display for HyperType {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            HyperType::Size => "usize",
            HyperType::Float => "f64",
            HyperType::Bool => "bool",
            HyperType::Other(text) => text,
        })
    }
}

impl HyperType {
    /// What a type written in Rust allows.
    #[must_use]
    pub fn of(ty: &Rust<syn::Type>) -> Self {
        match ty.text().as_str() {
            "usize" => HyperType::Size,
            "f64" => HyperType::Float,
            "bool" => HyperType::Bool,
            other => HyperType::Other(other.to_owned()),
        }
    }
}

/// A float as it stands in a definition, a loss or a weight.
#[derive(Clone, Debug, PartialEq)]
pub enum Scalar {
    /// A number.
    Literal(f64),
    /// A hyper-parameter of type `f64`, by name.
    Hyper(String),
    /// A Rust constant.
    Constant {
        /// Its path.
        path: Rust<syn::Path>,
        /// The argument that it is given for, by name.
        argument: &'static str,
        /// What it may be.
        range: Range,
    },
    /// `learned(0.07)`, which a loss takes: a parameter of the model.
    Learned(LearnedArgument),
}

/// A scalar that is trained, as an argument of a loss.
#[derive(Clone, Debug, PartialEq)]
pub struct LearnedArgument {
    /// The argument that it is given for, by name or by position.
    pub argument: String,
    /// What it is at first.
    pub start: f64,
}

impl LearnedArgument {
    /// The variable that holds its value in the code of the loss.
    #[must_use]
    pub fn variable(&self) -> Ident {
        format_ident!("learned_{}", self.argument, span = Span::call_site())
    }
}

impl Scalar {
    /// It as written; a number as short as it can be.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Scalar::Literal(value) => value.to_string(),
            Scalar::Hyper(name) => name.clone(),
            Scalar::Constant { path, .. } => path.text(),
            Scalar::Learned(learned) => format!("learned({})", learned.start),
        }
    }

    /// The Rust expression, where hyper-parameters are fields of `hypers`.
    #[must_use]
    pub fn code(&self, hypers: &TokenStream) -> TokenStream {
        match self {
            Scalar::Literal(value) => value.to_token_stream(),
            Scalar::Hyper(name) => {
                let field = field_ident(name);
                quote!(#hypers.#field)
            }
            // rustc knows its value: what it says of a wrong one is made here.
            // error: evaluation panicked: `prob` must be at least 0 and less than 1 [D0312]
            Scalar::Constant {
                path: Rust(path),
                argument,
                range,
            } => {
                let message = format!("`{argument}` must be {range} [{}]", Code::ArgumentRange);
                let holds = holds(*range, path);
                quote_spanned!(path.span()=> {
                    const _: () = ::core::assert!(#holds, #message);
                    #path
                })
            }
            Scalar::Learned(learned) => learned.variable().into_token_stream(),
        }
    }
}

/// Whether a constant is in a range, as an expression.
fn holds(range: Range, path: &syn::Path) -> TokenStream {
    let end = |end: Bound<i32>, including: TokenStream, excluding: TokenStream| {
        let (sign, end) = match end {
            Bound::Included(end) => (including, end),
            Bound::Excluded(end) => (excluding, end),
            Bound::Unbounded => return None,
        };
        let end = Literal::f64_suffixed(f64::from(end));
        Some(quote!(&& #path #sign #end))
    };
    let (low, high) = (
        end(range.low, quote!(>=), quote!(>)),
        end(range.high, quote!(<=), quote!(<)),
    );
    let zero = range.without_zero.then(|| quote!(&& #path != 0f64));
    quote!(::core::primitive::f64::is_finite(#path) #low #high #zero)
}

impl Scope {
    /// The hyper-parameter of this name.
    #[must_use]
    pub fn hyper(&self, name: &str) -> Option<&ScopedHyper> {
        self.hypers.iter().find(|hyper| hyper.name == name)
    }

    /// That no hyper-parameter has this name, where one of type `f64` is meant.
    pub(super) fn no_float(&self, name: &str) -> Fault {
        let floats = self.hypers.iter();
        let floats = floats.filter(|hyper| hyper.ty == HyperType::Float);
        let floats = floats.map(|hyper| hyper.name.as_str());
        check::not_found(Code::UnknownHyper, "hyper-parameter", name, floats)
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
        if let Some(name) = self.dynamic_in(&times) {
            // error: `^` needs its number when a model is built, but `seq` is known only at run time [D0202]
            let message = format!(
                "`^` needs its number when a model is built, but `{name}` is known only at run time"
            );
            return Err((count.place, Fault::new(Code::DynamicParameter, message)));
        }
        let bound = self.facts.left_to_rustc(&times, &Dim::Literal(1));
        let bound = bound.filter(|_| matches!(times, Dim::Binary(..)));
        if bound.is_none() && simplify(&times).literal() != Some(0) {
            return Ok(times);
        }
        // error: `^` takes a number of at least 1, but is given 0 [D0312]
        let message = format!(
            "`^` takes a number of at least 1, but is given {}",
            times.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        Err((count.place, fault.unless(bound)))
    }

    fn named_dim(&self, ident: &proc_macro2::Ident) -> Result<Dim, Placed> {
        let place = Place::of(ident.span());
        let name = bare(ident);
        let generic = self.generics.iter().find(|generic| generic.name == name);
        match self.hyper(&name) {
            _ if self.is_dynamic(&name) => Ok(Dim::Symbol(name)),
            // error: `FLAG` is of type `bool`, and a size is of type `usize` [D0205]
            None if generic.is_some_and(|generic| !generic.is_size()) => {
                let ty = generic.and_then(|generic| generic.ty.as_deref());
                let what = match ty {
                    Some(ty) => format!("of type `{ty}`"),
                    None => "a type".to_owned(),
                };
                let message = format!("`{name}` is {what}, and a size is of type `usize`");
                let help = format!("declare it as `const {name}: usize`");
                Err((place, Fault::new(Code::NotASize, message).help(help)))
            }
            Some(hyper) => match &hyper.ty {
                HyperType::Size => Ok(Dim::Symbol(name)),
                // error: `width` is of type `f64`, and a size is of type `usize` [D0205]
                ty => Err((
                    place,
                    Fault::new(
                        Code::NotASize,
                        format!("`{name}` is of type `{ty}`, and a size is of type `usize`"),
                    )
                    .help(format!("declare it as `{name}: usize`")),
                )),
            },
            None if self.lost.contains(&name) => Ok(Dim::Symbol(name)),
            None if generic.is_some() || is_constant(&name) => {
                Ok(self.constant(&Rust(syn::Path::from(ident.clone())), place))
            }
            // error: there is no dim `bacth` [D0103]
            None => Err((
                place,
                Fault::new(Code::UnknownDim, format!("there is no dim `{name}`")).help(
                    match nearest(&name, self.dim_names()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!(
                            "declare it: `dyn {name};` for a size that varies from call to call, or a \
                             hyper-parameter `({name}: usize)`"
                        ),
                    },
                ),
            )),
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
