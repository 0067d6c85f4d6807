//! What is given, read as what a parameter takes.

use diagram_core::dim::normal::simplify;
use diagram_core::{Axis, Call, Dim, Padding, Value, fault::nearest};
use diagram_layers::arguments as rules;
use diagram_layers::layers::dynamic_parameter;
use diagram_layers::{Parameter, ParameterKind};

use super::class::classes;
use super::read::Reader;
use super::written::{
    bracketed, constant, is_whole, named, out_of_range, parsed, whole, wrong_type, wrong_type_of,
};
use super::{activation, initializer};
use crate::place::Placed;
use crate::syntax::tree::{self, Argument, DimKind, ValueKind, bare};

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
            ParameterKind::Switch => self.switch(parameter, value).map(Value::Flag),
            ParameterKind::Flag => self.flag(parameter, value).map(Value::Flag),
            ParameterKind::Word(words) => {
                let word = self.word(parameter, words, value);
                word.map(|word| Value::Word(word.to_owned()))
            }
            ParameterKind::Parts => self.parts(parameter, value).map(Value::Parts),
            ParameterKind::Scales { axes } => {
                self.scales(parameter, value, *axes).map(Value::Scales)
            }
            ParameterKind::Numbers(_) => self.numbers(parameter, value).map(Value::Numbers),
            ParameterKind::Classes(range) => {
                classes(parameter, value, *range, self.scope).map(Value::Classes)
            }
            ParameterKind::Axis => Self::axis(parameter, value).map(Value::Axis),
            ParameterKind::Dims => self.dims(parameter, value).map(Value::Dims),
            ParameterKind::Axes => Self::axes(parameter, value).map(Value::Axes),
            ParameterKind::Initializer => {
                initializer::read(self.of, value, self.scope).map(Value::Call)
            }
            ParameterKind::Activation => self.activation(parameter, value).map(Value::Call),
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
        match rules::size(parameter, &simplify(&dim), &self.scope.facts) {
            Ok(()) => Ok(dim),
            Err(fault) => Err((value.place, fault)),
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

    fn activation(&self, parameter: &Parameter, value: &tree::Value) -> Result<Call, Placed> {
        // error: `activation` takes an activation, like `relu` or `leaky_relu(negative_slope = 0.2)`, but is
        // given `3` [D0311]
        let (name, arguments) = named(value).ok_or_else(|| wrong_type(parameter, value))?;
        activation::read((self.of, parameter.name), name, arguments, self.scope)
    }

    fn dims(&self, parameter: &Parameter, value: &tree::Value) -> Result<Vec<Dim>, Placed> {
        let dims = bracketed(parameter, value)?.into_iter();
        dims.map(|dim| self.scope.dim(dim)).collect()
    }

    fn axes(parameter: &Parameter, value: &tree::Value) -> Result<Vec<Axis>, Placed> {
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
                axis.ok_or_else(|| {
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
