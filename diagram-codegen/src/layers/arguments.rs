//! Arguments of layers and losses: tables of parameters, and what is written read against them.
//!
//! All faults are found in one pass, each at its own argument. What depends on the shape at the place
//! of use (an axis by its dim) is resolved later, by [`Arguments::axis`].

use diagram_core::{Code, Dim, Fault, Limit, Range, Shape, range};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::chosen::Chosen;
use super::initializer::Drawn;
use crate::lower::scope::{LearnedArgument, Placed, Scalar, Scope, field_ident};
use crate::syntax::tree::Place;

mod axis;
mod choice;
mod class;
mod parameter;
mod read;
mod value;

pub use class::Class;
pub use parameter::{Parameter, ParameterKind};

use axis::Axis;

pub(super) use value::named;
pub(crate) use value::{float, learned_start};

#[cfg(test)]
mod tests;

/// What is added around an input before a window moves over it.
#[derive(Clone, Debug, PartialEq)]
pub enum Padding {
    /// As much as keeps the size at stride 1.
    Same,
    /// Nothing.
    Valid,
    /// For each axis, before and after it.
    Explicit(Vec<(Dim, Dim)>),
}

/// A [`ParameterKind::Flag`] as it stands in a definition.
#[derive(Clone, Debug, PartialEq)]
pub enum Flag {
    /// `true` or `false`.
    Literal(bool),
    /// A hyper-parameter of type `bool`, by name.
    Hyper(String),
}

impl Flag {
    /// The Rust expression, where hyper-parameters are fields of `hypers`.
    #[must_use]
    pub fn code(&self, hypers: &TokenStream) -> TokenStream {
        match self {
            Flag::Literal(on) => quote!(#on),
            Flag::Hyper(name) => {
                let field = field_ident(name);
                quote!(#hypers.#field)
            }
        }
    }
}

/// The arguments of one layer or loss, as its table describes them.
#[derive(Debug)]
pub struct Arguments {
    of: &'static str,
    place: Place,
    values: Vec<Given>,
}

/// What is given for a parameter, and where.
#[derive(Debug)]
struct Given {
    name: &'static str,
    /// What its numbers may be.
    range: Range,
    place: Place,
    value: Value,
    /// The expression of a size.
    code: Option<TokenStream>,
}

#[derive(Debug)]
enum Value {
    Size(Dim),
    Sizes(Vec<Dim>),
    Padding(Padding),
    Float(Scalar),
    Switch(bool),
    Flag(Flag),
    Word(&'static str),
    Scales(Vec<f64>),
    Classes(Vec<Class>),
    Axis(Axis),
    Dims(Vec<Dim>),
    Axes(Vec<(Axis, Place)>),
    Initializer(Drawn),
    Activation(Chosen),
}

impl Value {
    /// The expression of a size.
    fn code(&self, scope: &Scope) -> Option<TokenStream> {
        match self {
            Value::Size(dim) => Some(scope.size_code(dim)),
            _ => None,
        }
    }

    /// The sizes in it.
    fn sizes(&self) -> Vec<&Dim> {
        match self {
            Value::Size(dim) => vec![dim],
            Value::Sizes(dims) => dims.iter().collect(),
            Value::Padding(Padding::Explicit(sides)) => {
                let sides = sides.iter();
                sides.flat_map(|(before, after)| [before, after]).collect()
            }
            // Dims in brackets are a shape, which is checked as one.
            Value::Padding(Padding::Same | Padding::Valid)
            | Value::Float(_)
            | Value::Switch(_)
            | Value::Flag(_)
            | Value::Word(_)
            | Value::Scales(_)
            | Value::Classes(_)
            | Value::Axis(_)
            | Value::Dims(_)
            | Value::Axes(_)
            | Value::Initializer(_)
            | Value::Activation(_) => Vec::new(),
        }
    }

    /// The arguments in it.
    fn inner(&self) -> Option<&Arguments> {
        match self {
            Value::Initializer(drawn) => Some(drawn.arguments()),
            Value::Activation(chosen) => Some(chosen.arguments()),
            _ => None,
        }
    }
}

impl Arguments {
    /// The name of the layer or loss.
    #[must_use]
    pub fn of(&self) -> &'static str {
        self.of
    }

    /// Where an argument stands; where it is left out, the whole layer or loss.
    #[must_use]
    pub fn place(&self, name: &str) -> Place {
        self.given(name).map_or(self.place, |given| given.place)
    }

    /// A [`ParameterKind::Size`], if given.
    #[must_use]
    pub fn size(&self, name: &str) -> Option<&Dim> {
        match &self.given(name)?.value {
            Value::Size(dim) => Some(dim),
            _ => None,
        }
    }

    /// [`ParameterKind::Sizes`], if given: one an axis; or [`ParameterKind::Parts`], as many as are
    /// written.
    #[must_use]
    pub fn sizes(&self, name: &str) -> Option<&[Dim]> {
        match &self.given(name)?.value {
            Value::Sizes(dims) => Some(dims),
            _ => None,
        }
    }

    /// A [`ParameterKind::Padding`], if given.
    #[must_use]
    pub fn padding(&self, name: &str) -> Option<&Padding> {
        match &self.given(name)?.value {
            Value::Padding(padding) => Some(padding),
            _ => None,
        }
    }

    /// A [`ParameterKind::Float`], if given.
    #[must_use]
    pub fn float(&self, name: &str) -> Option<&Scalar> {
        match &self.given(name)?.value {
            Value::Float(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// A [`ParameterKind::Switch`], if given.
    #[must_use]
    pub fn switch(&self, name: &str) -> Option<bool> {
        match self.given(name)?.value {
            Value::Switch(on) => Some(on),
            _ => None,
        }
    }

    /// A [`ParameterKind::Flag`], if given.
    #[must_use]
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        match &self.given(name)?.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// A [`ParameterKind::Word`], if given.
    #[must_use]
    pub fn word(&self, name: &str) -> Option<&'static str> {
        match self.given(name)?.value {
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    /// [`ParameterKind::Scales`], if given: one an axis; or [`ParameterKind::Numbers`], as many as are
    /// written.
    #[must_use]
    pub fn scales(&self, name: &str) -> Option<&[f64]> {
        match &self.given(name)?.value {
            Value::Scales(scales) => Some(scales),
            _ => None,
        }
    }

    /// [`ParameterKind::Classes`], as many as are given.
    #[must_use]
    pub fn classes(&self, name: &str) -> &[Class] {
        match self.given(name).map(|given| &given.value) {
            Some(Value::Classes(classes)) => classes,
            _ => &[],
        }
    }

    /// A [`ParameterKind::Initializer`], if given.
    #[must_use]
    pub fn initializer(&self, name: &str) -> Option<&Drawn> {
        match &self.given(name)?.value {
            Value::Initializer(drawn) => Some(drawn),
            _ => None,
        }
    }

    /// A [`ParameterKind::Axis`] of a shape, if given.
    ///
    /// # Errors
    ///
    /// A number that is no axis, or a dim that is none or several.
    #[must_use]
    pub fn axis(&self, name: &str, shape: &Shape) -> Option<Result<usize, Placed>> {
        let given = self.given(name)?;
        let Value::Axis(axis) = &given.value else {
            return None;
        };
        Some(
            axis.of(shape, self.of, shape.rank())
                .map_err(|fault| (given.place, fault)),
        )
    }

    /// A required [`ParameterKind::Axis`] of a shape.
    ///
    /// # Errors
    ///
    /// As [`Arguments::axis`].
    pub fn required_axis(&self, name: &str, shape: &Shape) -> Result<usize, Placed> {
        self.axis(name, shape).unwrap_or_else(|| self.missing(name))
    }

    /// A required place for a new axis of a shape: behind its last one too.
    ///
    /// # Errors
    ///
    /// As [`Arguments::axis`].
    pub fn new_axis(&self, name: &str, shape: &Shape) -> Result<usize, Placed> {
        let Some((given, Value::Axis(axis))) = self.given(name).map(|given| (given, &given.value))
        else {
            return self.missing(name);
        };
        axis.of(shape, self.of, shape.rank() + 1)
            .map_err(|fault| (given.place, fault))
    }

    /// The dims in brackets.
    #[must_use]
    pub fn dims(&self) -> &[Dim] {
        let mut values = self.values.iter();
        let dims = values.find_map(|given| match &given.value {
            Value::Dims(dims) => Some(dims.as_slice()),
            _ => None,
        });
        dims.unwrap_or_default()
    }

    /// The axes in brackets, and where each is written.
    ///
    /// # Errors
    ///
    /// As [`Arguments::axis`].
    pub fn axes(&self, shape: &Shape) -> Result<Vec<(usize, Place)>, Placed> {
        let mut values = self.values.iter();
        let written = values.find_map(|given| match &given.value {
            Value::Axes(written) => Some(written.as_slice()),
            _ => None,
        });
        let written = written.unwrap_or_default().iter();
        written
            .map(|(axis, place)| {
                let axis = axis.of(shape, self.of, shape.rank());
                axis.map(|axis| (axis, *place))
                    .map_err(|fault| (*place, fault))
            })
            .collect()
    }

    /// The calls that set in Burn's configuration what is given of these: `.with_epsilon(0.001)`.
    #[must_use]
    pub fn setters(&self, names: &[&str]) -> TokenStream {
        let hypers = quote!(self);
        let calls = names.iter().filter_map(|name| {
            let given = self.given(name)?;
            let value = match &given.value {
                Value::Size(_) => given.code.clone()?,
                Value::Float(scalar) => scalar.code(&hypers),
                Value::Switch(on) => quote!(#on),
                Value::Flag(flag) => flag.code(&hypers),
                _ => return None,
            };
            let setter = format_ident!("with_{name}");
            Some(quote!(.#setter(#value)))
        });
        calls.collect()
    }

    /// The same for what are enums of Burn's: `.with_initializer(Initializer::Zeros)`.
    #[must_use]
    pub fn enum_setters(&self, names: &[&str], burn: &TokenStream) -> TokenStream {
        let hypers = quote!(self);
        let calls = names.iter().filter_map(|name| {
            let value = match &self.given(name)?.value {
                Value::Initializer(drawn) => drawn.code(burn, &hypers),
                Value::Activation(chosen) => chosen.code(burn),
                _ => return None,
            };
            let setter = format_ident!("with_{name}");
            Some(quote!(.#setter(#value)))
        });
        calls.collect()
    }

    /// What reading has seen to: a required argument is there.
    pub(super) fn missing<T>(&self, name: &str) -> Result<T, Placed> {
        let message = format!("`{}` needs `{name}`", self.of);
        Err((self.place, Fault::new(Code::MissingArgument, message)))
    }

    /// What hyper-parameters give, each with the range that its value must be in.
    #[must_use]
    pub fn limits(&self) -> Vec<Limit> {
        let mut limits: Vec<Limit> = Vec::new();
        for given in &self.values {
            let float = match &given.value {
                Value::Float(Scalar::Hyper(name)) => Some(range::Given::Float(name.clone())),
                _ => None,
            };
            let sizes = given.value.sizes().into_iter();
            let sizes = sizes.filter(|dim| !dim.symbols().is_empty());
            let sizes = sizes.map(|dim| range::Given::Size(dim.clone()));
            let own = float.into_iter().chain(sizes).map(|value| Limit {
                argument: given.name.to_owned(),
                given: value,
                range: given.range,
            });
            let inner = given.value.inner().map(Arguments::limits);
            for limit in own.chain(inner.unwrap_or_default()) {
                if !limits.contains(&limit) {
                    limits.push(limit);
                }
            }
        }
        limits
    }

    /// Its numbers that are learned.
    #[must_use]
    pub fn learned(&self) -> Vec<LearnedArgument> {
        let values = self.values.iter();
        let learned = values.filter_map(|given| match &given.value {
            Value::Float(Scalar::Learned(learned)) => Some(learned.clone()),
            _ => None,
        });
        learned.collect()
    }

    fn given(&self, name: &str) -> Option<&Given> {
        self.values.iter().find(|given| given.name == name)
    }
}

/// A parameter that a dynamic dim would size.
// error: `linear` needs its input width when it is built, but `seq` is known only at run time [D0202]
pub(super) fn dynamic_parameter(layer: &str, what: &str, dim: &str) -> Fault {
    Fault::new(
        Code::DynamicParameter,
        format!(
            "`{layer}` needs its {what} when it is built, but `{dim}` is known only at run time"
        ),
    )
}
