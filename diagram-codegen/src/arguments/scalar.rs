//! Numbers as arguments: written, given by hyper-parameters and constants, or learned.

use diagram_core::{Code, Fault, HyperType, Number, Scalar, check};
use diagram_layers::Parameter;
use diagram_layers::arguments as rules;
use proc_macro2::Ident;

use super::read::Reader;
use super::written::{constant, parsed, wrong_type};
use crate::place::{Place, Placed};
use crate::syntax::tree::{self, ValueKind, bare};

impl Reader<'_> {
    pub(super) fn float(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
    ) -> Result<Scalar, Placed> {
        match &value.kind {
            ValueKind::Number(number) => {
                let float = number.value().ok_or_else(|| wrong_type(parameter, value))?;
                // error: `prob` must be at least 0 and less than 1, but is 1.5 [D0312]
                match finite(number) {
                    Some(finite) if parameter.kind.range().holds(float) => {
                        Ok(Scalar::Number(finite))
                    }
                    finite => {
                        let of = (self.of, self.parameters);
                        let fault = rules::number_out_of_range(of, parameter, finite, number);
                        Err((value.place, fault))
                    }
                }
            }
            ValueKind::Constant(path) => Ok(Scalar::Constant(self.scope.snippet(path))),
            ValueKind::Name(name) => self.float_name(parameter, name, value),
            ValueKind::Learned(number) => self.learned(parameter, number, value.place),
            _ => Err(wrong_type(parameter, value)),
        }
    }

    /// A number that is trained: it may become any that is greater than 0.
    fn learned(
        &self,
        parameter: &Parameter,
        number: &tree::Number,
        place: Place,
    ) -> Result<Scalar, Placed> {
        rules::learnable(self.of, parameter, self.learns).map_err(|fault| (place, fault))?;
        learned_start(number, place).map(Scalar::LearnedFrom)
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
                .map(|path| Scalar::Constant(self.scope.snippet(&path)))
                .ok_or_else(|| (value.place, self.scope.no_float(&text)));
        };
        match &hyper.ty {
            HyperType::Float => Ok(Scalar::Hyper(text)),
            other => {
                let fault = rules::other_hyper(parameter, &text, other, &HyperType::Float);
                Err((value.place, fault))
            }
        }
    }

    pub(super) fn scales(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
        axes: usize,
    ) -> Result<Vec<Number>, Placed> {
        let scale = |value: &tree::Value| match self.float(parameter, value)? {
            Scalar::Number(scale) => Ok(scale),
            // error: `scale_factor` of `interpolate1d` decides a shape: it is a number, not `rate` [D0311]
            _ => {
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
    pub(super) fn numbers(
        &self,
        parameter: &Parameter,
        value: &tree::Value,
    ) -> Result<Vec<Number>, Placed> {
        let number = |value: &tree::Value| match self.float(parameter, value)? {
            Scalar::Number(number) => Ok(number),
            _ => Err(wrong_type(parameter, value)),
        };
        match &value.kind {
            ValueKind::List(values) => values.iter().map(number).collect(),
            _ => Ok(vec![number(value)?]),
        }
    }
}

/// A finite number with its sign; `None` for `1u8` and `1e999`.
#[must_use]
pub fn finite(number: &tree::Number) -> Option<Number> {
    let value = Number::new(number.value()?)?;
    let whole = parsed::<syn::LitInt>(&number.literal.0).is_some();
    Some(if whole { value.as_whole() } else { value })
}

/// What a scalar that is trained is at first.
///
/// # Errors
///
/// It is no finite number greater than 0.
pub fn learned_start(number: &tree::Number, place: Place) -> Result<Number, Placed> {
    let start = number.value().filter(|start| *start > 0.0);
    match start.and_then(|_| finite(number)) {
        Some(start) => Ok(start),
        None => Err((place, check::learned_start(&number.to_string()))),
    }
}
