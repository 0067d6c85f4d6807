//! What is given, read as what a parameter takes.

use std::fmt::Display;
use std::ops::Bound;

use diagram_core::dim::normal::simplify;
use diagram_core::{Code, Dim, Fault, check, fault::nearest};
use proc_macro2::{Ident, Literal};

use super::super::chosen::Chosen;
use super::super::initializer::Drawn;
use super::class::classes;
use super::read::Reader;
use super::{Axis, Padding, Parameter, ParameterKind, Value, dynamic_parameter};
use crate::lower::scope::{HyperType, LearnedArgument, Placed, Scalar, is_constant};
use crate::syntax::tree::{
    self, Argument, DefinitionKind, DimKind, Number, Place, Rust, StepKind, ValueKind, bare,
};

impl Reader<'_> {
    pub(super) fn value(
        &self,
        parameter: &Parameter,
        argument: &Argument,
    ) -> Result<Value, Placed> {
        let value = &argument.value;
        match &parameter.kind {
            ParameterKind::Size => self.size(parameter, value).map(Value::Size),
            ParameterKind::Offset | ParameterKind::Extent => {
                self.extent(parameter, value).map(Value::Size)
            }
            ParameterKind::Sizes { axes, .. } => {
                self.sizes(parameter, value, *axes).map(Value::Sizes)
            }
            ParameterKind::Padding { axes } => {
                self.padding(parameter, value, *axes).map(Value::Padding)
            }
            ParameterKind::Float(_) => self.float(parameter, value).map(Value::Float),
            ParameterKind::Switch => self.switch(parameter, value).map(Value::Switch),
            ParameterKind::Flag => self.flag(parameter, value).map(Value::Flag),
            ParameterKind::Word(words) => self.word(parameter, words, value).map(Value::Word),
            ParameterKind::Parts => self.parts(parameter, value).map(Value::Sizes),
            ParameterKind::Scales { axes } => {
                self.scales(parameter, value, *axes).map(Value::Scales)
            }
            ParameterKind::Numbers(_) => self.numbers(parameter, value).map(Value::Scales),
            ParameterKind::Classes(range) => classes(parameter, value, *range).map(Value::Classes),
            ParameterKind::Axis => Self::axis(parameter, value).map(Value::Axis),
            ParameterKind::Dims => self.dims(parameter, value).map(Value::Dims),
            ParameterKind::Axes => Self::axes(parameter, value).map(Value::Axes),
            ParameterKind::Initializer => {
                Drawn::read(self.of, value, self.scope).map(Value::Initializer)
            }
            ParameterKind::Activation => self.activation(parameter, value).map(Value::Activation),
        }
    }

    /// A size in range that no dynamic dim occurs in.
    fn size(&self, parameter: &Parameter, value: &tree::Value) -> Result<Dim, Placed> {
        let dim = self.extent(parameter, value)?;
        match self.scope.dynamic_in(&dim) {
            None => Ok(dim),
            Some(name) => {
                let what = format!("`{}`", parameter.name);
                Err((value.place, dynamic_parameter(self.of, &what, name)))
            }
        }
    }

    /// A size in range.
    fn extent(&self, parameter: &Parameter, value: &tree::Value) -> Result<Dim, Placed> {
        let kind = match &value.kind {
            ValueKind::Number(number) if is_whole(number) => {
                if number.negative {
                    return Err(out_of_range(parameter, value.place, number));
                }
                DimKind::Number(number.literal.clone())
            }
            ValueKind::Name(name) => match constant(name) {
                Some(path) => DimKind::Constant(path),
                None => DimKind::Name(name.clone()),
            },
            ValueKind::Dim(dim) => dim.kind.clone(),
            ValueKind::Constant(path) => DimKind::Constant(path.clone()),
            _ => return Err(wrong_type(parameter, value)),
        };
        let dim = self.scope.dim(&tree::Dim {
            kind,
            place: value.place,
        })?;
        let dim = simplify(&dim);
        // error: `kernel` must be at least 1, but is 0 [D0312]
        match dim.evaluate(&|_| None) {
            Ok(number) if !parameter.kind.range().holds_whole(number) => {
                Err(out_of_range(parameter, value.place, number))
            }
            _ => self.in_range(parameter, value, dim),
        }
    }

    /// What is made of constants must be in range, too, which rustc knows.
    fn in_range(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
        dim: Dim,
    ) -> Result<Dim, Placed> {
        if let Some(bound) = check::too_large(&dim, &self.scope.facts) {
            // error: `kernel` is `2 * K` = 18446744073709551616, which is too large to compute [D0204]
            let (name, value_of) = (parameter.name, dim.quoted());
            let message = format!("`{name}` is {value_of}, which is too large to compute");
            let fault = Fault::new(Code::DimOverflow, message);
            return Err((value.place, fault.unless(bound)));
        }
        let (low, high) = parameter.kind.range().whole();
        let low = low.and_then(|low| self.scope.facts.left_to_rustc(&dim, &low.into()));
        let high = || self.scope.facts.left_to_rustc(&high?.into(), &dim);
        match low.or_else(high) {
            None => Ok(dim),
            // error: `kernel` must be at least 1, but is `K - 3` = 0 [D0312]
            Some(bound) => {
                let (place, fault) = out_of_range(parameter, value.place, dim.quoted());
                Err((place, fault.unless(bound)))
            }
        }
    }

    /// One size for all axes, or one for each.
    fn sizes(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
        axes: usize,
    ) -> Result<Vec<Dim>, Placed> {
        let ValueKind::List(values) = &value.kind else {
            return Ok(vec![self.size(parameter, value)?; axes]);
        };
        if values.len() != axes {
            return Err(wrong_type(parameter, value));
        }
        let sizes = values.iter().map(|value| self.size(parameter, value));
        sizes.collect()
    }

    fn padding(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
        axes: usize,
    ) -> Result<Padding, Placed> {
        if let ValueKind::Name(word) = &value.kind {
            let word = bare(word);
            match nearest(&word, ["same", "valid"]) {
                _ if word == "same" => return Ok(Padding::Same),
                _ if word == "valid" => return Ok(Padding::Valid),
                // error: `padding` takes a whole number, …, but is given `smae` [D0311]
                Some(near) if !self.scope.dim_names().any(|name| name == word) => {
                    let (place, fault) = wrong_type(parameter, value);
                    return Err((place, fault.help(format!("did you mean `{near}`?"))));
                }
                _ => {}
            }
        }
        if let ValueKind::Text(text) = &value.kind {
            // error: `padding` takes a whole number, …, but is given `"same"` [D0311]
            let (place, fault) = wrong_type(parameter, value);
            let text = text.to_string();
            let word = text.trim_matches('"');
            let known = matches!(word, "same" | "valid");
            let help = known.then(|| format!("without quotes: `{} = {word}`", parameter.name));
            return Err((place, fault.maybe_help(help)));
        }
        // Burn has two sides for one axis and for two: those before, then those after.
        if let ValueKind::List(sides) = &value.kind
            && axes < 3
            && sides.len() == 2 * axes
        {
            let sides = sides.iter().map(|side| self.size(parameter, side));
            let sides: Vec<_> = sides.collect::<Result<_, _>>()?;
            let (before, after) = sides.split_at(axes);
            let sides = before.iter().cloned().zip(after.iter().cloned());
            return Ok(Padding::Explicit(sides.collect()));
        }
        let sizes = self.sizes(parameter, value, axes)?.into_iter();
        Ok(Padding::Explicit(
            sizes.map(|size| (size.clone(), size)).collect(),
        ))
    }

    fn float(&self, parameter: &Parameter, value: &tree::Value) -> Result<Scalar, Placed> {
        match &value.kind {
            ValueKind::Number(number) => {
                let float = float(number).ok_or_else(|| wrong_type(parameter, value))?;
                // error: `prob` must be at least 0 and less than 1, but is 1.5 [D0312]
                if parameter.kind.range().holds(float) {
                    return Ok(Scalar::Literal(float));
                }
                Err(out_of_range(parameter, value.place, number))
            }
            ValueKind::Constant(path) => Ok(by_constant(parameter, path.clone())),
            ValueKind::Name(name) => self.float_name(parameter, name, value),
            ValueKind::Learned(number) => self.learned(parameter, number, value.place),
            _ => Err(wrong_type(parameter, value)),
        }
    }

    /// A number that is trained: it may become any that is greater than 0.
    fn learned(
        &self,
        parameter: &Parameter,
        number: &Number,
        place: Place,
    ) -> Result<Scalar, Placed> {
        let (name, range) = (parameter.name, parameter.kind.range());
        let fault = |message: String| Err((place, Fault::new(Code::ArgumentType, message)));
        if !self.learns {
            // error: `prob` of `dropout` cannot be learned: `learned` stands in losses, in weights and in
            // `scale` [D0311]
            return fault(format!(
                "`{name}` of `{}` cannot be learned: `learned` stands in losses, in weights and in `scale`",
                self.of
            ));
        }
        let grows = range.high == Bound::Unbounded && !range.without_zero;
        let shrinks = !matches!(range.low, Bound::Included(low) | Bound::Excluded(low) if low > 0);
        if !grows || !shrinks {
            // error: `smoothing` cannot be learned: it must be at least 0 and less than 1, and what is learned
            // may become any number greater than 0 [D0311]
            return fault(format!(
                "`{name}` cannot be learned: it must be {range}, and what is learned may become any number \
                 greater than 0"
            ));
        }
        let start = learned_start(number, place)?;
        Ok(Scalar::Learned(LearnedArgument {
            argument: name.to_owned(),
            start,
        }))
    }

    fn float_name(
        &self,
        parameter: &Parameter,
        name: &Ident,
        value: &tree::Value,
    ) -> Result<Scalar, Placed> {
        let text = bare(name);
        let Some(hyper) = self.scope.hyper(&text) else {
            return constant(name)
                .map(|path| by_constant(parameter, path))
                .ok_or_else(|| self.no_hyper(&text, value));
        };
        // error: `prob` takes a number, like `0.5`, but is given `hidden` of type `usize` [D0311]
        let ty = match &hyper.ty {
            HyperType::Float => return Ok(Scalar::Hyper(text)),
            HyperType::Size => "usize",
            HyperType::Bool => "bool",
            HyperType::Other(ty) => ty,
        };
        let (place, fault) = wrong_type_of(parameter, value, &format!("`{text}` of type `{ty}`"));
        Err((place, fault.help(format!("declare it as `{text}: f64`"))))
    }

    // error: there is no hyper-parameter `temprature` [D0114]
    fn no_hyper(&self, name: &str, value: &tree::Value) -> Placed {
        let message = format!("there is no hyper-parameter `{name}`");
        let floats = self
            .scope
            .hypers
            .iter()
            .filter(|hyper| hyper.ty == HyperType::Float);
        let help = match nearest(name, floats.map(|hyper| hyper.name.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it after the diagram's name: `({name}: f64)`"),
        };
        (
            value.place,
            Fault::new(Code::UnknownHyper, message).help(help),
        )
    }

    /// The sizes of parts, dynamic dims among them.
    fn parts(&self, parameter: &Parameter, value: &tree::Value) -> Result<Vec<Dim>, Placed> {
        let ValueKind::List(values) = &value.kind else {
            return Ok(vec![self.size(parameter, value)?]);
        };
        if values.is_empty() {
            return Err(wrong_type(parameter, value));
        }
        let parts = values.iter().map(|value| self.extent(parameter, value));
        parts.collect()
    }

    fn scales(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
        axes: usize,
    ) -> Result<Vec<f64>, Placed> {
        let scale = |value: &tree::Value| match self.float(parameter, value)? {
            Scalar::Literal(scale) => Ok(scale),
            // error: `scale_factor` of `interpolate1d` decides a shape: it is a number, not `rate` [D0311]
            Scalar::Hyper(_) | Scalar::Constant { .. } | Scalar::Learned(_) => {
                let message = format!(
                    "`{}` of `{}` decides a shape: it is a number, not `{value}`",
                    parameter.name, self.of
                );
                Err((value.place, Fault::new(Code::ArgumentType, message)))
            }
        };
        match &value.kind {
            ValueKind::List(values) if values.len() == axes => values.iter().map(scale).collect(),
            ValueKind::List(_) => Err(wrong_type(parameter, value)),
            _ => Ok(vec![scale(value)?; axes]),
        }
    }

    /// As many numbers as one likes.
    fn numbers(&self, parameter: &Parameter, value: &tree::Value) -> Result<Vec<f64>, Placed> {
        let number = |value: &tree::Value| match self.float(parameter, value)? {
            Scalar::Literal(number) => Ok(number),
            Scalar::Hyper(_) | Scalar::Constant { .. } | Scalar::Learned(_) => {
                Err(wrong_type(parameter, value))
            }
        };
        match &value.kind {
            ValueKind::List(values) => values.iter().map(number).collect(),
            _ => Ok(vec![number(value)?]),
        }
    }

    fn activation(&self, parameter: &Parameter, value: &tree::Value) -> Result<Chosen, Placed> {
        // error: `activation` takes an activation, like `relu` or `leaky_relu(negative_slope = 0.2)`, but is
        // given `3` [D0311]
        let (name, arguments) = named(value).ok_or_else(|| wrong_type(parameter, value))?;
        Chosen::read((self.of, parameter.name), name, arguments, self.scope)
    }

    fn dims(&self, parameter: &Parameter, value: &tree::Value) -> Result<Vec<Dim>, Placed> {
        let dims = bracketed(parameter, value)?.into_iter();
        dims.map(|dim| self.scope.dim(dim).map(|dim| simplify(&dim)))
            .collect()
    }

    fn axes(parameter: &Parameter, value: &tree::Value) -> Result<Vec<(Axis, Place)>, Placed> {
        let written = bracketed(parameter, value)?.into_iter();
        written
            .map(|dim| {
                let axis = match &dim.kind {
                    DimKind::Name(name) => Some(Axis::Dim(bare(name))),
                    DimKind::Number(literal) => parsed::<syn::LitInt>(&literal.0)
                        .and_then(|literal| literal.base10_parse().ok())
                        .map(Axis::Number),
                    _ => None,
                };
                // error: `permute` takes axes in brackets, by number or by their dims, like `[0, 2, 1]`,
                // but is given `batch + 1` [D0311]
                axis.map(|axis| (axis, dim.place)).ok_or_else(|| {
                    (
                        dim.place,
                        wrong_type_of(parameter, value, &format!("`{dim}`")).1,
                    )
                })
            })
            .collect()
    }

    fn axis(parameter: &Parameter, value: &tree::Value) -> Result<Axis, Placed> {
        let axis = match &value.kind {
            ValueKind::Name(name) => Some(Axis::Dim(bare(name))),
            ValueKind::Number(number) => whole(number)
                .and_then(|axis| i64::try_from(axis).ok())
                .map(|axis| Axis::Number(if number.negative { -axis } else { axis })),
            _ => None,
        };
        axis.ok_or_else(|| wrong_type(parameter, value))
    }
}

/// The dims of a list in brackets.
fn bracketed<'a>(
    parameter: &Parameter,
    value: &'a tree::Value,
) -> Result<Vec<&'a tree::Dim>, Placed> {
    let ValueKind::List(values) = &value.kind else {
        return Err(wrong_type(parameter, value));
    };
    let dims = values.iter().map(|value| match &value.kind {
        ValueKind::Dim(dim) => Ok(dim),
        _ => Err(wrong_type(parameter, value)),
    });
    dims.collect()
}

// error: `kernel` takes a whole number or one an axis, like `3` or `[3, 5]`, but is given `"x"` [D0311]
pub(super) fn wrong_type(parameter: &Parameter, value: &tree::Value) -> Placed {
    wrong_type_of(parameter, value, &format!("`{value}`"))
}

pub(super) fn wrong_type_of(parameter: &Parameter, value: &tree::Value, given: &str) -> Placed {
    let message = format!(
        "`{}` takes {}, but is given {given}",
        parameter.name,
        parameter.kind.takes()
    );
    (value.place, Fault::new(Code::ArgumentType, message))
}

// error: `kernel` must be at least 1, but is 0 [D0312]
pub(super) fn out_of_range(parameter: &Parameter, place: Place, value: impl Display) -> Placed {
    let (name, range) = (parameter.name, parameter.kind.range());
    let message = format!("`{name}` must be {range}, but is {value}");
    (place, Fault::new(Code::ArgumentRange, message))
}

/// What a value names, and the arguments of it: `relu`, `normal(std = 0.02)`.
pub(in super::super) fn named(value: &tree::Value) -> Option<(&Ident, &[Argument])> {
    let definition = match &value.kind {
        ValueKind::Name(name) => return Some((name, &[])),
        ValueKind::Definition(definition) => definition,
        _ => return None,
    };
    let DefinitionKind::Chain(chain) = &definition.kind else {
        return None;
    };
    let [product] = chain.factors.as_slice() else {
        return None;
    };
    let [power] = product.powers.as_slice() else {
        return None;
    };
    match &power.step.kind {
        StepKind::Call(name, arguments) if power.count.is_none() => Some((name, arguments)),
        StepKind::Name(name) if power.count.is_none() => Some((name, &[])),
        _ => None,
    }
}

/// Whether a number is whole, however large.
fn is_whole(number: &Number) -> bool {
    let literal = parsed::<syn::LitInt>(&number.literal.0);
    literal.is_some_and(|literal| matches!(literal.suffix(), "" | "usize"))
}

/// A whole number without its sign; `None` for `0.5` and `3u8`.
pub(super) fn whole(number: &Number) -> Option<u64> {
    let literal = parsed::<syn::LitInt>(&number.literal.0)?;
    matches!(literal.suffix(), "" | "usize").then(|| literal.base10_parse().ok())?
}

/// A number with its sign; `None` for `1u8`.
pub(crate) fn float(number: &Number) -> Option<f64> {
    let value: f64 = match parsed::<syn::Lit>(&number.literal.0)? {
        syn::Lit::Int(literal) if literal.suffix().is_empty() => literal.base10_parse().ok()?,
        syn::Lit::Float(literal) if matches!(literal.suffix(), "" | "f64") => {
            literal.base10_parse().ok()?
        }
        _ => return None,
    };
    Some(if number.negative { -value } else { value })
}

/// What a scalar that is trained is at first.
pub(crate) fn learned_start(number: &Number, place: Place) -> Result<f64, Placed> {
    match float(number).filter(|start| start.is_finite() && *start > 0.0) {
        Some(start) => Ok(start),
        None => {
            // error: what is learned starts at a number greater than 0, not at `0` [D0312]
            let message =
                format!("what is learned starts at a number greater than 0, not at `{number}`");
            Err((place, Fault::new(Code::ArgumentRange, message)))
        }
    }
}

fn parsed<T: syn::parse::Parse>(literal: &Literal) -> Option<T> {
    syn::parse_str(&literal.to_string()).ok()
}

fn by_constant(parameter: &Parameter, path: Rust<syn::Path>) -> Scalar {
    Scalar::Constant {
        path,
        argument: parameter.name,
        range: parameter.kind.range(),
    }
}

/// A name in upper case is a Rust constant.
pub(super) fn constant(name: &Ident) -> Option<Rust<syn::Path>> {
    is_constant(&bare(name)).then(|| Rust(syn::Path::from(name.clone())))
}
