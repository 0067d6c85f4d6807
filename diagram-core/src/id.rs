//! The ids by which the parts of a diagram name each other.

use serde::{Deserialize, Serialize};

/// An index into [`Diagram::objects`](crate::Diagram::objects).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ObjectId(pub usize);

/// An index into [`Diagram::data`](crate::Diagram::data).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatumId(pub usize);

/// An index into [`Diagram::morphisms`](crate::Diagram::morphisms).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MorphismId(pub usize);

/// An index into [`Diagram::learned`](crate::Diagram::learned).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct LearnedId(pub usize);
