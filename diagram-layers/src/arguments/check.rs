//! Arguments as values, against the parameters of their row.

use diagram_core::{
    Argument, Call, Class, Diagram, Dim, Fault, Flag, HyperType, Number, Padding, Scalar, Value,
    Where, Wrong, check as rules,
};

use super::{
    learnable, missing, no_activation, no_class, no_hyper, no_initializer, no_word,
    number_out_of_range, other_hyper, repeated, size, undecided_switch, unknown, wrong_type,
};
use crate::activation;
use crate::initializer;
use crate::layers::dynamic_parameter;
use crate::parameter::{Parameter, ParameterKind};

/// A call, and what its arguments are read against.
#[derive(Clone, Copy)]
pub struct Arguments<'a> {
    /// The call.
    pub call: &'a Call,
    /// The parameters of its row.
    pub parameters: &'static [Parameter],
    /// Whether its numbers may be learned.
    pub learns: bool,
    /// The diagram that it is in.
    pub diagram: &'a Diagram,
}

/// Every argument of a call is one that its row takes, once, and what must be given is there.
///
/// # Errors
///
/// The first argument at fault, or what is missing.
pub fn check(of: &Arguments<'_>) -> Result<(), Wrong> {
    let name = &of.call.name;
    for (index, argument) in of.call.arguments.iter().enumerate() {
        let at = || Where::argument(&argument.name);
        let mut rows = of.parameters.iter();
        let Some(parameter) = rows.find(|row| row.name == argument.name) else {
            return Err((at(), unknown(name, of.parameters, &argument.name)));
        };
        let mut before = of.call.arguments.iter().take(index);
        if before.any(|other| other.name == argument.name) {
            return Err((at(), repeated(name, parameter.name)));
        }
        match &argument.value {
            Value::Call(call) => of
                .inside(parameter, call)
                .map_err(|(inner, fault)| (inner.inside(parameter.name), fault))?,
            _ => of
                .value(parameter, argument)
                .map_err(|fault| (at(), fault))?,
        }
    }
    let mut required = of.parameters.iter().filter(|row| row.required);
    match required.find(|row| of.call.given(row.name).is_none()) {
        Some(row) => Err((Where::Whole, missing(name, row))),
        None => Ok(()),
    }
}

impl Arguments<'_> {
    fn value(&self, parameter: &Parameter, argument: &Argument) -> Result<(), Fault> {
        let other = || Err(wrong_type(parameter, &format!("`{}`", argument.value)));
        match (&parameter.kind, &argument.value) {
            (ParameterKind::Size, Value::Size(dim)) => self.size(parameter, dim),
            (ParameterKind::Offset | ParameterKind::Extent, Value::Size(dim)) => {
                self.extent(parameter, dim)
            }
            (ParameterKind::Sizes { axes, .. }, Value::Sizes(dims)) if dims.len() == *axes => {
                dims.iter().try_for_each(|dim| self.size(parameter, dim))
            }
            (ParameterKind::Padding { axes }, Value::Padding(padding)) => match padding {
                Padding::Same | Padding::Valid => Ok(()),
                // Burn pads three axes alike on both sides.
                Padding::Explicit(sides)
                    if sides.len() == *axes
                        && (*axes < 3 || sides.iter().all(|(one, other)| one == other)) =>
                {
                    let mut dims = sides.iter().flat_map(|(one, other)| [one, other]);
                    dims.try_for_each(|dim| self.size(parameter, dim))
                }
                Padding::Explicit(_) => other(),
            },
            (ParameterKind::Float(_), Value::Float(scalar)) => self.float(parameter, scalar),
            (ParameterKind::Switch, Value::Flag(Flag::Hyper(name))) => {
                Err(undecided_switch(&self.call.name, parameter, name))
            }
            (ParameterKind::Switch | ParameterKind::Flag, Value::Flag(flag)) => {
                self.flag(parameter, flag)
            }
            (ParameterKind::Word(words), Value::Word(word)) => {
                if words.contains(&word.as_str()) {
                    return Ok(());
                }
                Err(no_word(&self.call.name, parameter, words, (word, word)))
            }
            (ParameterKind::Parts, Value::Parts(dims)) => match dims.as_slice() {
                [] => other(),
                dims => dims.iter().try_for_each(|dim| self.extent(parameter, dim)),
            },
            (ParameterKind::Scales { axes }, Value::Scales(numbers)) if numbers.len() == *axes => {
                self.in_range(parameter, numbers)
            }
            (ParameterKind::Numbers(_), Value::Numbers(numbers)) => {
                self.in_range(parameter, numbers)
            }
            (ParameterKind::Classes(range), Value::Classes(classes)) => {
                let outside = classes.iter().find_map(|class| match class {
                    Class::Number(number) if !range.holds_whole((*number).into()) => Some(number),
                    Class::Number(_) | Class::Constant(_) => None,
                });
                outside.map_or(Ok(()), |number| Err(no_class(parameter, number)))
            }
            // The rule of the row knows the shape.
            (ParameterKind::Axis, Value::Axis(_)) | (ParameterKind::Axes, Value::Axes(_)) => Ok(()),
            (ParameterKind::Dims, Value::Dims(dims)) => {
                let mut dims = dims.iter();
                dims.try_for_each(|dim| rules::names_sizes(self.diagram, dim))
            }
            _ => other(),
        }
    }

    /// A call inside of this one: an initializer or an activation.
    fn inside(&self, parameter: &Parameter, call: &Call) -> Result<(), Wrong> {
        let (of, name) = (&self.call.name, parameter.name);
        let parameters = match parameter.kind {
            ParameterKind::Initializer => initializer::find(&call.name)
                .map(|row| row.parameters)
                .ok_or_else(|| no_initializer(&call.name)),
            ParameterKind::Activation => activation::find(&call.name)
                .map(|row| row.parameters)
                .ok_or_else(|| no_activation(of, name, &call.name)),
            _ => Err(wrong_type(parameter, &format!("`{call}`"))),
        };
        check(&Arguments {
            call,
            parameters: parameters.map_err(|fault| (Where::Whole, fault))?,
            learns: false,
            diagram: self.diagram,
        })
    }

    /// A size in range that no dynamic dim occurs in.
    fn size(&self, parameter: &Parameter, dim: &Dim) -> Result<(), Fault> {
        self.extent(parameter, dim)?;
        let dynamics = &self.diagram.dynamics;
        let mut symbols = dim.symbols().into_iter();
        match symbols.find(|name| dynamics.iter().any(|dynamic| dynamic == name)) {
            None => Ok(()),
            Some(name) => {
                let what = format!("`{}`", parameter.name);
                Err(dynamic_parameter(&self.call.name, &what, name))
            }
        }
    }

    /// A size in range.
    fn extent(&self, parameter: &Parameter, dim: &Dim) -> Result<(), Fault> {
        rules::names_sizes(self.diagram, dim)?;
        size(parameter, dim, &self.diagram.facts)
    }

    fn float(&self, parameter: &Parameter, scalar: &Scalar) -> Result<(), Fault> {
        match scalar {
            Scalar::Number(number) if parameter.kind.range().holds(number.get()) => Ok(()),
            Scalar::Number(number) => Err(self.out_of_range(parameter, *number)),
            Scalar::Constant(_) => Ok(()),
            Scalar::Learned(_) => learnable(&self.call.name, parameter, self.learns),
            Scalar::LearnedFrom(start) => {
                learnable(&self.call.name, parameter, self.learns)?;
                rules::learnable_from(*start)
            }
            Scalar::Hyper(name) => {
                let hypers = &self.diagram.hypers;
                match hypers.iter().find(|hyper| hyper.name == *name) {
                    Some(hyper) if hyper.ty == HyperType::Float => Ok(()),
                    Some(hyper) => Err(other_hyper(parameter, name, &hyper.ty, &HyperType::Float)),
                    None => {
                        let floats = hypers.iter().filter(|hyper| hyper.ty == HyperType::Float);
                        Err(no_hyper(name, floats.map(|hyper| hyper.name.as_str())))
                    }
                }
            }
        }
    }

    fn flag(&self, parameter: &Parameter, flag: &Flag) -> Result<(), Fault> {
        let Flag::Hyper(name) = flag else {
            return Ok(());
        };
        let mut hypers = self.diagram.hypers.iter();
        match hypers.find(|hyper| hyper.name == *name) {
            Some(hyper) if hyper.ty == HyperType::Bool => Ok(()),
            Some(hyper) => Err(other_hyper(parameter, name, &hyper.ty, &HyperType::Bool)),
            None => Err(wrong_type(parameter, &format!("`{name}`"))),
        }
    }

    fn in_range(&self, parameter: &Parameter, numbers: &[Number]) -> Result<(), Fault> {
        let range = parameter.kind.range();
        let outside = numbers.iter().find(|number| !range.holds(number.get()));
        outside.map_or(Ok(()), |number| Err(self.out_of_range(parameter, *number)))
    }

    fn out_of_range(&self, parameter: &Parameter, number: Number) -> Fault {
        let of = (self.call.name.as_str(), self.parameters);
        number_out_of_range(of, parameter, Some(number), number)
    }
}
