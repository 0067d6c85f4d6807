//! What a learning diagram *is*: objects, morphisms and cells as plain values, the rules that type
//! them, the plan that a loss compiles to, and the text forms.
//!
//! A learning diagram (Lary et al., [arXiv 2501.01515](https://arxiv.org/abs/2501.01515)) presents a
//! free category with products; its cells are pairs of parallel paths that training makes agree.
//! This crate knows neither Burn nor syn: `diagram-codegen` reads the language into these values, and
//! `diagrammatic` checks batches against them at run time.
//!
//! | module | holds |
//! |---|---|
//! | [`dim`] | extents of shapes: symbolic arithmetic, and when two are equal |
//! | [`shape`] | kinds and shapes, and how two of them differ |
//! | [`space`] | objects at dims bound anew, and what a morphism's dims stand for |
//! | [`diagram`] | [`Diagram`]: objects, data and morphisms, as data |
//! | [`cell`] | cells: which paths should agree, by which loss |
//! | [`path`] | paths: terms over morphisms and data, each once |
//! | [`commute`] | the paths that a drawing has, and the pairs of them that must agree |
//! | [`check`] | the typing rules, one function a rule |
//! | [`cost`] | what a morphism costs: parameters and multiply-adds |
//! | [`plan`] | what a loss evaluates: every application once, in order |
//! | [`fault`] | what can be wrong with a diagram, with codes |
//! | [`numbers`] | which numbers layers give and losses take |
//! | [`record`] | which values of a call are recorded for gradients |
//! | [`range`] | which numbers an argument may be |
//! | [`render`] | a diagram as text and as Mermaid |

pub mod cell;
pub mod check;
pub mod commute;
pub mod cost;
pub mod diagram;
pub mod dim;
pub mod fault;
pub mod numbers;
pub mod path;
pub mod plan;
pub mod range;
pub mod record;
pub mod render;
pub mod shape;
pub mod space;

pub use cell::{Cell, CellRole, Clause, Weight};
pub use commute::Commuting;
pub use cost::Cost;
pub use diagram::{
    Average, Combinator, Datum, DatumId, Definition, Diagram, Entries, Hyper, Layout, Learned,
    Morphism, MorphismId, Object, ObjectId, Step,
};
pub use dim::Dim;
pub use fault::{Code, Fault};
pub use numbers::{Gives, Takes};
pub use path::{Constant, Draw, Multiple, Path, Paths, Power, Term};
pub use plan::{Plan, Planned};
pub use range::{Given, Limit, Range};
pub use record::{Record, Wanted};
pub use shape::{Kind, Product, Shape};
pub use space::{Application, Binding, Space};
