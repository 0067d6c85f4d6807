//! Numbers outside of calls: weights, what gradients are multiplied by, and what functions are given.

use diagram_core::{Code, FunctionArgument, Hyper, HyperType, Multiple, Scalar, check};

use super::{At, ReadError, Reader, fault, form};
use crate::arguments::no_hyper;

impl Reader<'_> {
    /// The hyper-parameter of this name, if there is one.
    fn hyper(&self, name: &str) -> Option<&Hyper> {
        self.diagram.hypers.iter().find(|hyper| hyper.name == name)
    }

    /// A hyper-parameter of type `f64`; `other` is what is wrong with another type.
    fn float(
        self,
        name: &str,
        other: impl Fn(&HyperType) -> diagram_core::Fault,
    ) -> Result<(), ReadError> {
        match self.hyper(name) {
            Some(hyper) if hyper.ty == HyperType::Float => Ok(()),
            Some(hyper) => Err(fault(other(&hyper.ty))),
            None => {
                let floats = self.diagram.hypers.iter();
                let floats = floats.filter(|hyper| hyper.ty == HyperType::Float);
                let floats = floats.map(|hyper| hyper.name.as_str());
                Err(fault(no_hyper(name, floats)))
            }
        }
    }

    /// What the loss of a cell is multiplied by.
    pub(super) fn weight(self, scalar: &Scalar) -> Result<(), ReadError> {
        match scalar {
            Scalar::Number(number) if number.get() < 0.0 => {
                Err(fault(check::negative_weight(&number.to_string())))
            }
            Scalar::Number(_) | Scalar::Constant(_) => Ok(()),
            Scalar::Hyper(name) => self.float(name, |ty| check::weight_of_type(name, ty)),
            Scalar::Learned(_) | Scalar::LearnedFrom(_) => {
                Err(form("a weight that is learned is written as `Learned`"))
            }
        }
    }

    /// What a gradient is multiplied by.
    pub(super) fn multiple(self, multiple: &Multiple) -> Result<(), ReadError> {
        let word = if multiple.negative {
            "reverse"
        } else {
            "scale"
        };
        match &multiple.of {
            Scalar::Number(number) if number.get() < 0.0 => {
                Err(form("the sign of a factor is `negative`"))
            }
            Scalar::Number(number) if number.get() == 0.0 => Err(form(
                "a gradient times 0 is none: such a path is written as `Stop`",
            )),
            Scalar::Number(_)
            | Scalar::Constant(_)
            | Scalar::Learned(_)
            | Scalar::LearnedFrom(_) => Ok(()),
            Scalar::Hyper(name) => self.float(name, |ty| check::multiple_of_type(word, name, ty)),
        }
    }

    /// What a function of the user's is given.
    pub(super) fn given(self, arguments: &[FunctionArgument]) -> Result<(), ReadError> {
        for (index, argument) in arguments.iter().enumerate() {
            self.function_argument(argument, true)
                .at_item("Function.arguments", index)?;
        }
        Ok(())
    }

    fn function_argument(self, argument: &FunctionArgument, learns: bool) -> Result<(), ReadError> {
        match argument {
            FunctionArgument::Rust(_) => Ok(()),
            FunctionArgument::Scalar(Scalar::Hyper(name)) => match self.hyper(name) {
                Some(_) => Ok(()),
                None => {
                    let hypers = self.diagram.hypers.iter();
                    let hypers = hypers.map(|hyper| hyper.name.as_str());
                    let code = Code::UnknownHyper;
                    Err(fault(check::not_found(
                        code,
                        "hyper-parameter",
                        name,
                        hypers,
                    )))
                }
            },
            FunctionArgument::Scalar(Scalar::Learned(_)) if learns => Ok(()),
            FunctionArgument::Scalar(Scalar::LearnedFrom(start)) if learns => {
                Ok(check::learnable_from(*start)?)
            }
            FunctionArgument::Scalar(_) => Err(form(
                "a function is given hyper-parameters and what is learned, and all else as Rust",
            )),
            FunctionArgument::List(items) => {
                items.iter().enumerate().try_for_each(|(index, item)| {
                    self.function_argument(item, false).at_item("List", index)
                })
            }
        }
    }
}
