//! Learning diagrams in Rust: draw how models must agree, get the [Burn](burn) module and its loss.
//!
//! A learning diagram names spaces of tensors, maps between them, and the paths of maps that should
//! agree. [`diagram!`] checks every shape when it expands, and generates a configuration, a module, a
//! batch, the loss and what Burn's learner needs to train it.
//!
//! | module | holds |
//! |---|---|
//! | [`prelude`] | what a file with a diagram imports |
//! | [`error`] | what can be wrong with a batch or a model at run time |
//! | [`loss`] | the losses and metrics that cells are measured by |
//! | [`train`] | what connects a generated model to Burn's learner |
//!
//! Diagrams as data, with their text forms, are [`diagram_core`]'s; Burn is re-exported as [`burn`].

pub mod error;
pub mod loss;
mod module;
mod shape;
pub mod train;

#[doc(hidden)]
pub mod __private;

pub use burn;
pub use diagram_core;
pub use diagram_core::Diagram;
pub use error::DiagramError;

/// Reads learning diagrams and expands to Burn modules and their losses.
///
/// It takes any number of diagrams, each a visibility, a name, hyper-parameters and a body of objects,
/// data, arrows, definitions and cells. For a diagram `Name` it generates:
///
/// * `NameConfig`, a Burn configuration: the hyper-parameters, and `init`, which builds the model;
/// * `Name`, a Burn module with a field for each morphism that has parameters and a method for each
///   morphism, with `loss` and `evaluate`, and with `training`, which sets up Burn's learner;
/// * `NameBatch`, the data of one batch, and `NameLoss`, the total and one value a named cell.
///
/// Mistakes in the diagram are compile errors, each at its own token. What only a batch can show is a
/// [`DiagramError`].
#[macro_export]
macro_rules! diagram {
    ($($tokens:tt)*) => { $crate::__private::resume! { [$crate] { $($tokens)* } } };
}

/// What a file with a diagram imports: `use diagrammatic::prelude::*;`.
pub mod prelude {
    pub use burn;
    #[doc(no_inline)]
    pub use burn::prelude::*;

    #[doc(no_inline)]
    pub use crate::train::Batch;
    #[doc(no_inline)]
    pub use crate::{DiagramError, diagram};
}
