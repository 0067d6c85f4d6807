//! What a morphism costs: how many numbers it trains, and how many multiply-adds a call takes.

use serde::{Deserialize, Serialize};

use crate::dim::{Dim, Op, simplify};

/// What a step or a morphism costs. What is `None` depends on more than sizes, or is the caller's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// How many numbers it trains, unless it is frozen.
    pub parameters: Option<Dim>,
    /// How many multiplications one call takes, each with the addition of its product (multiply-adds): those of
    /// matrix products, convolutions and attention. What is done element by element is not counted.
    pub operations: Option<Dim>,
}

impl Default for Cost {
    fn default() -> Self {
        Cost::NONE
    }
}

impl Cost {
    /// Nothing.
    pub const NONE: Cost = Cost {
        parameters: Some(Dim::Literal(0)),
        operations: Some(Dim::Literal(0)),
    };

    /// Not known.
    pub const UNKNOWN: Cost = Cost {
        parameters: None,
        operations: None,
    };

    /// Whether it is nothing.
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

    /// Both together.
    #[must_use]
    pub fn and(self, other: Cost) -> Cost {
        let both = |one: Option<Dim>, other: Option<Dim>| Some(sum([one?, other?]));
        Cost {
            parameters: both(self.parameters, other.parameters),
            operations: both(self.operations, other.operations),
        }
    }

    /// So many calls of what it is the cost of.
    #[must_use]
    pub fn called(self, times: &Dim) -> Cost {
        let operations = self.operations.map(|one| product([&one, times]));
        Cost { operations, ..self }
    }

    /// So many copies, each with weights of its own.
    #[must_use]
    pub fn copied(self, copies: &Dim) -> Cost {
        let parameters = self.parameters.clone().map(|one| product([&one, copies]));
        Cost {
            parameters,
            ..self.called(copies)
        }
    }
}

/// The product of some dims, 1 where there are none.
#[must_use]
pub fn product<'a>(dims: impl IntoIterator<Item = &'a Dim>) -> Dim {
    let times = |left: Dim, right: &Dim| Dim::binary(Op::Mul, left, right.clone());
    let dims = dims.into_iter();
    simplify(&dims.fold(Dim::Literal(1), times))
}

/// The sum of some dims, 0 where there are none.
#[must_use]
pub fn sum(dims: impl IntoIterator<Item = Dim>) -> Dim {
    let plus = |left: Dim, right: Dim| Dim::binary(Op::Add, left, right);
    simplify(&dims.into_iter().fold(Dim::Literal(0), plus))
}
