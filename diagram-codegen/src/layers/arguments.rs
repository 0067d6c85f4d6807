//! Arguments of layers and losses: tables of parameters, and what is written read against them.
//!
//! All faults are found in one pass, each at its own argument. What depends on the shape at the place
//! of use (an axis by its dim) is resolved later, by [`Arguments::axis`].

use diagram_core::{Code, Dim, Fault, Limit, Range, Shape, range};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::chosen::Chosen;
use super::initializer::Drawn;
use crate::lower::scope::{Placed, Scalar, size_code};
use crate::syntax::tree::Place;

mod axis;
mod read;
mod value;

use axis::Axis;
pub(crate) use value::float;
pub(super) use value::named;

#[cfg(test)]
mod tests;

/// What may be given to a layer or a loss.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Other names for it, Burn's among them.
    pub aliases: &'static [&'static str],
    /// What is given.
    pub kind: ParameterKind,
    /// Whether it may be given without its name, in the order of the table.
    pub positional: bool,
    /// Whether it must be given.
    pub required: bool,
    /// What it is, for messages and docs: "the extent of the window".
    pub summary: &'static str,
}

/// What is given for a parameter.
#[derive(Debug)]
pub enum ParameterKind {
    /// A size of at least 1.
    Size,
    /// Sizes of at least `least`: one for all of so many axes, or one an axis.
    Sizes {
        /// How many axes.
        axes: usize,
        /// The smallest size.
        least: i32,
    },
    /// A padding of so many axes: a number for all, one an axis, one a side (all that stand before an
    /// axis, then all after), `same` or `valid`. Burn pads three axes alike on both sides.
    Padding {
        /// How many axes.
        axes: usize,
    },
    /// A number in a range.
    Float(Range),
    /// `true` or `false`.
    Switch,
    /// An axis, by number or by its dim.
    Axis,
    /// Dims in brackets, dynamic ones among them: `reshape[batch, 8, 8]`.
    Dims,
    /// Axes in brackets, by number or by their dims: `permute[0, 2, 1]`.
    Axes,
    /// How weights are drawn: `zeros`, `normal(std = 0.02)`.
    Initializer,
    /// An activation by the name of its layer: `relu`, `leaky_relu(negative_slope = 0.2)`.
    Activation,
    /// A part of the language that has no meaning yet.
    Later,
}

impl Parameter {
    pub(crate) const fn new(
        name: &'static str,
        kind: ParameterKind,
        summary: &'static str,
    ) -> Self {
        Parameter {
            name,
            aliases: &[],
            kind,
            positional: false,
            required: false,
            summary,
        }
    }

    pub(crate) const fn later(name: &'static str, summary: &'static str) -> Self {
        Parameter::new(name, ParameterKind::Later, summary)
    }

    pub(crate) const fn aliases(self, aliases: &'static [&'static str]) -> Self {
        Parameter { aliases, ..self }
    }

    pub(crate) const fn positional(self) -> Self {
        Parameter {
            positional: true,
            ..self
        }
    }

    pub(crate) const fn required(self) -> Self {
        Parameter {
            required: true,
            ..self
        }
    }

    pub(super) fn is_called(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl ParameterKind {
    /// What its numbers may be.
    pub(super) fn range(&self) -> Range {
        match self {
            ParameterKind::Float(range) => *range,
            ParameterKind::Size => Range::at_least(1),
            ParameterKind::Sizes { least, .. } => Range::at_least(*least),
            ParameterKind::Padding { .. } => Range::at_least(0),
            ParameterKind::Switch
            | ParameterKind::Axis
            | ParameterKind::Dims
            | ParameterKind::Axes
            | ParameterKind::Initializer
            | ParameterKind::Activation
            | ParameterKind::Later => Range::ANY,
        }
    }

    /// What is expected, for messages.
    pub(crate) fn takes(&self) -> &'static str {
        match self {
            ParameterKind::Size => "a whole number or a size, like `64` or `2 * hidden`",
            ParameterKind::Sizes { axes: 1, .. } => "a whole number, like `3`",
            ParameterKind::Sizes { axes: 2, .. } => {
                "a whole number or one an axis, like `3` or `[3, 5]`"
            }
            ParameterKind::Sizes { .. } => "a whole number or one an axis, like `3` or `[3, 5, 5]`",
            ParameterKind::Padding { axes: 1 } => {
                "a whole number or one a side, like `1` or `[1, 2]`, or `same` or `valid`"
            }
            ParameterKind::Padding { axes: 2 } => {
                "a whole number, one an axis or one a side, like `1` or `[1, 2]`, or `same` or `valid`"
            }
            ParameterKind::Padding { .. } => {
                "a whole number or one an axis, like `1` or `[1, 2, 2]`, or `same` or `valid`"
            }
            ParameterKind::Float(_) => "a number, like `0.5`",
            ParameterKind::Switch => "`true` or `false`",
            ParameterKind::Axis => "an axis, by number like `1` or by its dim",
            ParameterKind::Dims => "dims in brackets, like `[batch, 8, 8]`",
            ParameterKind::Axes => "axes in brackets, by number or by their dims, like `[0, 2, 1]`",
            ParameterKind::Initializer => "an initializer, like `zeros` or `normal(std = 0.02)`",
            ParameterKind::Activation => {
                "an activation, like `relu` or `leaky_relu(negative_slope = 0.2)`"
            }
            ParameterKind::Later => "nothing yet",
        }
    }
}

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
}

#[derive(Debug)]
enum Value {
    Size(Dim),
    Sizes(Vec<Dim>),
    Padding(Padding),
    Float(Scalar),
    Switch(bool),
    Axis(Axis),
    Dims(Vec<Dim>),
    Axes(Vec<(Axis, Place)>),
    Initializer(Drawn),
    Activation(Chosen),
}

impl Value {
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

    /// [`ParameterKind::Sizes`], if given: one an axis.
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
            let value = match &self.given(name)?.value {
                Value::Size(dim) => size_code(dim, &hypers),
                Value::Float(scalar) => scalar.code(&hypers),
                Value::Switch(on) => quote!(#on),
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
