//! The cost of a morphism: the numbers that it trains, and the multiply-adds of a call.

use serde::{Deserialize, Serialize};

use crate::dim::{Dim, Op, simplify};

/// The cost of a step or a morphism. A value of `None` depends on more than sizes, or belongs to the caller's
/// own code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// The number of parameters that it trains, unless it is frozen.
    pub parameters: Option<Dim>,
    /// The number of multiplications in one call, each with the addition of its product (multiply-adds): those
    /// of matrix products, convolutions and attention. Operations on single elements are not counted.
    pub operations: Option<Dim>,
}

impl Default for Cost {
    fn default() -> Self {
        Cost::NONE
    }
}

impl Cost {
    /// No cost.
    pub const NONE: Cost = Cost {
        parameters: Some(Dim::Literal(0)),
        operations: Some(Dim::Literal(0)),
    };

    /// An unknown cost.
    pub const UNKNOWN: Cost = Cost {
        parameters: None,
        operations: None,
    };

    /// Whether there is no cost.
    #[must_use]
    pub fn is_none(&self) -> bool {
        *self == Cost::NONE
    }

    /// The same, where what is too long for a dim is not known.
    #[must_use]
    pub fn bounded(self) -> Cost {
        let bounded = |dim: Option<Dim>| dim.filter(|dim| !dim.is_too_long());
        Cost {
            parameters: bounded(self.parameters),
            operations: bounded(self.operations),
        }
    }

    /// The sum of both.
    #[must_use]
    pub fn and(self, other: Cost) -> Cost {
        let both = |one: Option<Dim>, other: Option<Dim>| Some(sum([one?, other?]));
        Cost {
            parameters: both(self.parameters, other.parameters),
            operations: both(self.operations, other.operations),
        }
    }

    /// The cost of this number of calls.
    #[must_use]
    pub fn called(self, times: &Dim) -> Cost {
        let operations = self.operations.map(|one| product([&one, times]));
        Cost { operations, ..self }
    }

    /// The cost of this number of copies, each with weights of its own.
    #[must_use]
    pub fn copied(self, copies: &Dim) -> Cost {
        let parameters = self.parameters.clone().map(|one| product([&one, copies]));
        Cost {
            parameters,
            ..self.called(copies)
        }
    }
}

/// The product of some dims; 1 if there are none.
#[must_use]
pub fn product<'a>(dims: impl IntoIterator<Item = &'a Dim>) -> Dim {
    let times = |left: Dim, right: &Dim| Dim::binary(Op::Mul, left, right.clone());
    let dims = dims.into_iter();
    simplify(&dims.fold(Dim::Literal(1), times))
}

/// The sum of some dims; 0 if there are none.
#[must_use]
pub fn sum(dims: impl IntoIterator<Item = Dim>) -> Dim {
    let plus = |left: Dim, right: Dim| Dim::binary(Op::Add, left, right);
    simplify(&dims.into_iter().fold(Dim::Literal(0), plus))
}
