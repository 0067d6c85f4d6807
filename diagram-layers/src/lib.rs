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
//! | [`arguments`] | the rules of what is given: which parameter it is for, and what it may be |
//! | [`layers`] | one file per family of layers |
//! | [`losses`] | one file per family of losses and metrics |
//! | [`read`](mod@read) | reading a diagram that was written as JSON, by all its rules |
//! | [`initializer`] | how weights are drawn |
//! | [`activation`] | activations inside of layers |
//! | [`adaptation`] | what adapters, averages and learned constants take |
//! | [`indices`] | which numbers may stand in Int data |

pub mod activation;
pub mod adaptation;
pub mod arguments;
pub mod indices;
pub mod initializer;
pub mod layers;
mod limits;
pub mod losses;
pub mod parameter;
pub mod read;

pub use limits::limits;
pub use parameter::{Parameter, ParameterKind};
pub use read::{ReadError, read};
