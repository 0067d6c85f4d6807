//! Spaces: an object at its own dims, or with some of its dynamic dims rebound.
//!
//! A dynamic dim sizes no parameter, so a morphism works at every value of it. `Image[batch = many]` is the
//! object `Image` at another batch; a morphism drawn from `Image` to `Logits` takes it to
//! `Logits[batch = many]`. So the ends of a morphism are a pattern: its dynamic dims stand for the dims that
//! its arguments have there ([`Binding`]).

use serde::{Deserialize, Serialize};

use crate::dim::{Comparison, Dim};
use crate::id::ObjectId;

mod binding;

pub use binding::Binding;

/// An object, and the values of those of its dynamic dims that are rebound.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// The object.
    pub object: ObjectId,
    /// Its rebound dims, in the order in which they occur in its shape; none is bound to itself.
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

/// The reason why a morphism does not take an argument that ends in the object of its domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// A dim of the domain would have two values.
    TwoValues {
        /// The dim.
        dim: String,
        /// Its value by an earlier axis.
        first: Dim,
        /// Its value by this axis.
        second: Dim,
        /// The result of their comparison.
        comparison: Box<Comparison>,
    },
    /// This axis differs from that of the domain.
    Axis {
        /// The axis, from 0.
        axis: usize,
        /// The result of the comparison of the two.
        comparison: Box<Comparison>,
    },
}
