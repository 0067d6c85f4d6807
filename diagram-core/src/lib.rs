//! Learning diagrams as values: objects, morphisms and cells, the rules that type them, the plan of a
//! loss, and the text forms.
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
//! | [`space`] | objects at rebound dims, and what a morphism's dims stand for |
//! | [`spaces`] | the spaces of a diagram: of objects, of applications, of paths |
//! | [`id`] | the ids by which parts of a diagram name each other |
//! | [`scalar`] | numbers, switches, classes, and pieces of Rust |
//! | [`call`] | layers, losses and initializers with their arguments |
//! | [`spelling`] | how names are spelt |
//! | [`step`] | chains of layers |
//! | [`diagram`] | [`Diagram`]: objects, data and morphisms, as data |
//! | [`cell`] | cells: paths that should agree, and their losses |
//! | [`path`] | paths: terms over morphisms and data, each once |
//! | [`commute`] | the paths that a drawing has, and the pairs of them that must agree |
//! | [`check`] | the typing rules, one function per rule |
//! | [`cost`] | the cost of a morphism: parameters and multiply-adds |
//! | [`plan`] | the evaluations of a loss: every application once, in order |
//! | [`run`] | the walk over a plan, in any semantics: code, text, numbers |
//! | [`fault`] | the faults of diagrams, with their codes |
//! | [`format`](mod@format) | the version of the form in which a diagram is written as data |
//! | [`numbers`] | which numbers layers give and losses take |
//! | [`record`] | which values of a call are recorded for gradients |
//! | [`range`] | which numbers an argument may be |
//! | [`rename`] | when two diagrams are equal except for their names |
//! | [`render`] | a diagram as text and as Mermaid |

pub mod call;
pub mod cell;
pub mod check;
pub mod commute;
pub mod cost;
mod costs;
pub mod diagram;
pub mod dim;
pub mod fault;
pub mod format;
pub mod generic;
pub mod id;
pub mod numbers;
pub mod path;
pub mod plan;
pub mod range;
pub mod record;
pub mod rename;
pub mod render;
pub mod run;
pub mod scalar;
pub mod shape;
pub mod space;
pub mod spaces;
pub mod spelling;
pub mod step;

pub use call::{Argument, Axis, Call, Padding, Value, Where, Wrong};
pub use cell::{Cell, CellRole, Clause, FunctionArgument, Measure, Weight};
pub use commute::Commuting;
pub use cost::Cost;
pub use diagram::{
    Adapters, Average, Blank, Datum, Definition, Diagram, Hyper, HyperType, IndexRange, Indexed,
    Learned, Morphism, Object,
};
pub use dim::Dim;
pub use fault::{Code, Detail, Fault, Missing};
pub use format::Format;
pub use generic::{Generic, GenericKind};
pub use id::{DatumId, LearnedId, MorphismId, ObjectId};
pub use numbers::{Gives, Takes};
pub use path::{Draw, Entry, Filled, Multiple, Path, Paths, Power, Term};
pub use plan::{Plan, Planned};
pub use range::{Limit, Limited, Range};
pub use record::{NeedsGrad, Record};
pub use rename::{Renaming, Undecided, renaming, same_up_to_renaming};
pub use run::Semantics;
pub use scalar::{Class, Flag, Number, Scalar, Snippet};
pub use shape::{Kind, Product, Shape};
pub use space::{Binding, Space};
pub use spaces::Application;
pub use step::{Combinator, Layer, Layout, Side, Step, StepKind, Traits, Width};
