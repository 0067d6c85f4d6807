//! Spaces: an object at its own dims, or with some of its dynamic dims rebound.
//!
//! A dynamic dim sizes no parameter, so a morphism works at every value of it. `Image[batch = many]` is
//! the object `Image` at another batch; a morphism drawn from `Image` to `Logits` takes it to
//! `Logits[batch = many]`. So the ends of a morphism are a pattern: its dynamic dims stand for whatever
//! its arguments have there ([`Binding`]).

use serde::{Deserialize, Serialize};

use crate::dim::{Comparison, Dim};
use crate::id::ObjectId;

mod binding;

pub use binding::Binding;

/// An object, and what some of its dynamic dims are bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// The object.
    pub object: ObjectId,
    /// Its dims that are rebound, in the order in which they occur in its shape; none to itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dims: Vec<(String, Dim)>,
}

impl From<ObjectId> for Space {
    fn from(object: ObjectId) -> Self {
        Space {
            object,
            dims: Vec::new(),
        }
    }
}

/// Why a morphism does not take an argument, which ends in its domain's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A dim of the domain would stand for two things.
    TwoValues {
        /// The dim.
        dim: String,
        /// What it stands for by an axis before.
        first: Dim,
        /// What it would stand for by this one.
        second: Dim,
        /// How the two compare.
        comparison: Box<Comparison>,
    },
    /// This axis is not what the domain has there.
    Axis {
        /// The axis, from 0.
        axis: usize,
        /// How what it is compares with what the domain has there.
        comparison: Box<Comparison>,
    },
}
