//! The tables of the language: one row per layer, loss, metric and initializer, with its arguments, the rule that
//! types it, and what it costs.
//!
//! A row knows no tokens: the Burn code of each stands in `diagram-codegen`, under the same name. What is given to a
//! row is a [`Call`](diagram_core::Call); what is wrong with it is a [`Wrong`](diagram_core::Wrong), which says of
//! which argument it speaks.
//!
//! | module | holds |
//! |---|---|
//! | [`parameter`] | what may be given to a row, and the range of it |
//! | [`layers`] | one file per family of layers |
//! | [`losses`] | one file per family of losses and metrics |
//! | [`initializer`] | how weights are drawn |
//! | [`activation`] | activations inside of layers |

pub mod activation;
pub mod initializer;
pub mod layers;
pub mod losses;
pub mod parameter;

pub use parameter::{Parameter, ParameterKind};
