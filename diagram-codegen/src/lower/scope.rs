//! The names that dims and arguments may use: hyper-parameters and dynamic dims.

use std::collections::HashSet;
use std::ops::Bound;

use diagram_core::dim::{Facts, Op, simplify};
use diagram_core::{Code, Dim, Fault, Range, fault::nearest};
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

pub use crate::syntax::tree::Placed;
use crate::syntax::tree::{self, DimKind, Place, Rust, bare};

/// The hyper-parameters and dynamic dims of one diagram.
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
}

impl Scalar {
    /// It as written; a number as short as it can be.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Scalar::Literal(value) => value.to_string(),
            Scalar::Hyper(name) => name.clone(),
            Scalar::Constant { path, .. } => path.text(),
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

/// The Rust expression of a size, of type `usize`, where hyper-parameters are fields of `hypers`.
#[must_use]
pub fn size_code(dim: &Dim, hypers: &TokenStream) -> TokenStream {
    size_code_by(dim, &|name| {
        let field = field_ident(name);
        quote!(#hypers.#field)
    })
}

/// The Rust expression of a size, of type `usize`, given that of each symbol.
#[must_use]
pub fn size_code_by(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream) -> TokenStream {
    // A difference may be negative half-way: `(hidden - 3) / 2 + 4` at `hidden = 2` is 3.
    if subtracts(dim) {
        let value = arithmetic(dim, value_of, true);
        quote!((#value) as usize)
    } else {
        arithmetic(dim, value_of, false)
    }
}

fn subtracts(dim: &Dim) -> bool {
    match dim {
        Dim::Literal(_) | Dim::Symbol(_) => false,
        Dim::Binary(op, left, right) => *op == Op::Sub || subtracts(left) || subtracts(right),
    }
}

fn arithmetic(dim: &Dim, value_of: &dyn Fn(&str) -> TokenStream, signed: bool) -> TokenStream {
    let operand = |dim: &Dim| {
        let code = arithmetic(dim, value_of, signed);
        match dim {
            Dim::Binary(..) => quote!((#code)),
            _ => code,
        }
    };
    match dim {
        Dim::Literal(value) if signed => {
            Literal::i128_suffixed(i128::from(*value)).to_token_stream()
        }
        Dim::Literal(value) => Literal::u64_unsuffixed(*value).to_token_stream(),
        Dim::Symbol(name) => {
            let value = value_of(name);
            if signed {
                quote!((#value as i128))
            } else {
                value
            }
        }
        Dim::Binary(op, left, right) => {
            let (left, right) = (operand(left), operand(right));
            match op {
                Op::Add => quote!(#left + #right),
                Op::Sub => quote!(#left - #right),
                Op::Mul => quote!(#left * #right),
                // Dims divide rounding down, and by positive numbers.
                Op::Div if signed => quote!(#left.div_euclid(#right)),
                Op::Rem if signed => quote!(#left.rem_euclid(#right)),
                Op::Div => quote!(#left / #right),
                Op::Rem => quote!(#left % #right),
            }
        }
    }
}

/// A generated identifier with the spelling of a name of the diagram, raw where Rust needs it.
#[must_use]
pub fn field_ident(name: &str) -> proc_macro2::Ident {
    let span = proc_macro2::Span::call_site();
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => proc_macro2::Ident::new(name, span),
        Err(_) => proc_macro2::Ident::new_raw(name, span),
    }
}

/// The variable that holds a dynamic dim where layers are applied: its name, but for the names of the
/// variables that stand there besides.
#[must_use]
pub fn dim_ident(name: &str) -> proc_macro2::Ident {
    let bare = name.trim_end_matches("_size");
    // `x`, `x1` and `y0` are tensors there.
    let tensor = bare.strip_prefix(['x', 'y']);
    let tensor = tensor.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_digit()));
    if tensor || matches!(bare, "axes" | "copy" | "layer" | "shortcut") {
        return field_ident(&format!("{name}_size"));
    }
    field_ident(name)
}

impl Scope {
    /// The hyper-parameter of this name.
    #[must_use]
    pub fn hyper(&self, name: &str) -> Option<&ScopedHyper> {
        self.hypers.iter().find(|hyper| hyper.name == name)
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

    /// Every name that may stand in a dim.
    pub fn dim_names(&self) -> impl Iterator<Item = &str> {
        let sizes = self
            .hypers
            .iter()
            .filter(|hyper| hyper.ty == HyperType::Size);
        let dynamics = self.dynamics.iter().map(String::as_str);
        dynamics.chain(sizes.map(|hyper| hyper.name.as_str()))
    }

    /// The meaning of a dim as written.
    ///
    /// # Errors
    ///
    /// A name that is not declared or no size, a number that is no extent, a constant.
    pub fn dim(&self, dim: &tree::Dim) -> Result<Dim, Placed> {
        match &dim.kind {
            DimKind::Number(literal) => number(literal, dim.place),
            DimKind::Name(name) => self.named_dim(name),
            DimKind::Constant(path) => Err((dim.place, constant(&path.text()))),
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
        if simplify(&times).literal() != Some(0) {
            return Ok(times);
        }
        // error: `^` takes a number of at least 1, but is given 0 [D0312]
        let message = format!(
            "`^` takes a number of at least 1, but is given {}",
            times.quoted()
        );
        Err((count.place, Fault::new(Code::ArgumentRange, message)))
    }

    fn named_dim(&self, name: &proc_macro2::Ident) -> Result<Dim, Placed> {
        let place = Place::of(name.span());
        let name = bare(name);
        match self.hyper(&name) {
            _ if self.is_dynamic(&name) => Ok(Dim::Symbol(name)),
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
            None if is_constant(&name) => Err((place, constant(&name))),
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
    syn::parse_str::<syn::LitInt>(&literal.to_string())
        .ok()
        .filter(|literal| matches!(literal.suffix(), "" | "usize"))
        .and_then(|literal| literal.base10_parse::<u64>().ok())
        .map(Dim::Literal)
        .ok_or_else(|| not_a_size(place, literal))
}

/// Whether a name is spelt like a constant of Rust. One letter is a dim that is not declared.
fn is_constant(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.chars().count() > 1
}

// error: the constant `CLASSES` as a dim is not supported yet [D0900]
fn constant(path: &str) -> Fault {
    let message = format!("the constant `{path}` as a dim is not supported yet");
    Fault::new(Code::NotYet, message).help("write the number, or a hyper-parameter of type `usize`")
}

// error: `2.5` is no extent of an axis [D0205]
fn not_a_size(place: Place, literal: &proc_macro2::Literal) -> Placed {
    let message = format!("`{literal}` is no extent of an axis: a whole number is expected");
    (place, Fault::new(Code::NotASize, message))
}
