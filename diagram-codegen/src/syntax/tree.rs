//! The tree as written: one type a construct of the grammar, with places for messages.
//!
//! Two trees are equal when they were written alike: places and spacing do not count.

mod cell;
mod definition;
mod item;
mod path;
mod piece;
mod shape;

pub use cell::{Cell, Clauses, Ends, Loss, WeightClause};
pub(crate) use definition::listed;
pub use definition::{
    Argument, Chain, Definition, DefinitionKind, Power, Product, Step, StepKind, Value, ValueKind,
};
pub use item::{Arrow, Diagram, Factor, Hyper, Item, ItemKind, Node, Space, Term};
pub use path::{Count, Number, Path, PathKind, Scalar, ScalarKind};
pub use piece::{Rust, bare, shown};
pub use shape::{Dim, DimKind, Dims, Fact, Shape, Signature};
