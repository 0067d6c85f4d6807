//! Cells: the paths that should agree, their losses and their weights.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::call::{Call, Value, listed};
use crate::id::LearnedId;
use crate::path::Path;
use crate::range::Limit;
use crate::scalar::{Scalar, Snippet};

/// Paths that should agree, or a penalty, or a watched value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Its name; a cell without one is reported as `text`.
    pub name: Option<String>,
    /// Its ends, as written: `student ~ teacher`.
    pub text: String,
    /// Prediction and target, or the ends of a penalty.
    pub ends: Vec<Path>,
    /// The loss or metric that measures it.
    pub loss: Measure,
    /// The arguments of it that hyper-parameters give.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// The factor of its loss in the total.
    pub weight: Weight,
    /// A path to a Bool object, on leading axes of the loss's units: units where it is false do not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mask: Option<Clause>,
    /// Whether it is trained or watched.
    pub role: CellRole,
}

/// The measure of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub enum Measure {
    /// None: a path is minimised as it is.
    Itself,
    /// A loss or metric of the tables.
    Loss(Call),
    /// A function of the user's.
    Function {
        /// Its path.
        function: Snippet,
        /// Its arguments after the ends; `None` if no parentheses are written.
        arguments: Option<Vec<FunctionArgument>>,
    },
}

/// An argument of a function of the user's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FunctionArgument {
    /// A hyper-parameter of any type, or a learned scalar.
    Scalar(Scalar),
    /// An expression.
    Rust(Snippet),
    /// An array.
    List(Vec<FunctionArgument>),
}

impl fmt::Display for FunctionArgument {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FunctionArgument::Scalar(scalar) => scalar.fmt(out),
            FunctionArgument::Rust(expression) => expression.fmt(out),
            FunctionArgument::List(items) => write!(out, "[{}]", listed(items)),
        }
    }
}

impl Measure {
    /// Its name: that of a loss, or the path of a function. A path that is minimised as it is has no name.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Measure::Itself => None,
            Measure::Loss(call) => Some(&call.name),
            Measure::Function { function, .. } => Some(&function.text),
        }
    }

    /// The numbers among its arguments, by name; those of a function are `argument_1` and so on.
    pub fn scalars(&self) -> impl Iterator<Item = (String, &Scalar)> {
        let (call, given) = match self {
            Measure::Itself => (None, None),
            Measure::Loss(call) => (Some(call), None),
            Measure::Function { arguments, .. } => (None, arguments.as_ref()),
        };
        let of_call = call.into_iter().flat_map(|call| &call.arguments);
        let of_call = of_call.filter_map(|one| match &one.value {
            Value::Float(scalar) => Some((one.name.clone(), scalar)),
            _ => None,
        });
        let of_function = given.into_iter().flatten().enumerate();
        let of_function = of_function.filter_map(|(index, one)| match one {
            FunctionArgument::Scalar(scalar) => Some((argument(index), scalar)),
            FunctionArgument::Rust(_) | FunctionArgument::List(_) => None,
        });
        of_call.chain(of_function)
    }

    /// As [`scalars`](Measure::scalars), to change them.
    pub fn scalars_mut(&mut self) -> impl Iterator<Item = (String, &mut Scalar)> {
        let (call, given) = match self {
            Measure::Itself => (None, None),
            Measure::Loss(call) => (Some(call), None),
            Measure::Function { arguments, .. } => (None, arguments.as_mut()),
        };
        let of_call = call.into_iter().flat_map(|call| &mut call.arguments);
        let of_call = of_call.filter_map(|one| match &mut one.value {
            Value::Float(scalar) => Some((one.name.clone(), scalar)),
            _ => None,
        });
        let of_function = given.into_iter().flatten().enumerate();
        let of_function = of_function.filter_map(|(index, one)| match one {
            FunctionArgument::Scalar(scalar) => Some((argument(index), scalar)),
            FunctionArgument::Rust(_) | FunctionArgument::List(_) => None,
        });
        of_call.chain(of_function)
    }

    /// The learned scalars among its arguments, by name; those of a function are `argument_1` and so on.
    #[must_use]
    pub fn learned(&self) -> Vec<(String, LearnedId)> {
        let learned = self.scalars().filter_map(|(name, scalar)| match scalar {
            Scalar::Learned(id) => Some((name, *id)),
            _ => None,
        });
        learned.collect()
    }
}

/// How messages and records call an argument of a function, by its position.
fn argument(index: usize) -> String {
    format!("argument_{}", index + 1)
}

impl fmt::Display for Measure {
    /// The text after `by`: `kl(temperature)`. It is empty if a path is minimised as it is.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Measure::Itself => Ok(()),
            Measure::Loss(call) => call.fmt(out),
            Measure::Function {
                function,
                arguments: None,
            } => function.fmt(out),
            Measure::Function {
                function,
                arguments: Some(arguments),
            } => write!(out, "{function}({})", listed(arguments)),
        }
    }
}

/// A path in a clause of a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    /// As written.
    pub text: String,
    /// The path that it stands for.
    pub path: Path,
}

/// The factor of a cell's loss.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Weight {
    /// A number. Unless it is a hyper-parameter, a named cell has it as a field of the model's weights.
    Scalar(Scalar),
    /// A path to a Float object, on leading axes of the loss's units, each of which it multiplies.
    Path(Clause),
    /// A scalar that is trained: with s = −log of it, the total has exp(−s) times the cell, plus s / 2.
    Learned(LearnedId),
}

/// The role of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellRole {
    /// It contributes to the loss.
    Trained,
    /// It is evaluated in validation and by `evaluate`, never trained.
    Watched,
}

impl Cell {
    /// Everything that it reads: its ends, then its weight and its mask if those are paths.
    pub fn reads(&self) -> impl Iterator<Item = Path> {
        let weight = match &self.weight {
            Weight::Path(clause) => Some(clause.path),
            Weight::Scalar(_) | Weight::Learned(_) => None,
        };
        let mask = self.mask.as_ref().map(|clause| clause.path);
        self.ends.iter().copied().chain(weight).chain(mask)
    }

    /// Its name, or its text if it has none.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.name {
            Some(name) => name.clone(),
            None if self.loss == Measure::Itself => self.text.clone(),
            None => format!("{} by {}", self.text, self.loss),
        }
    }
}
