//! Learning diagrams in Rust: draw how models must agree, get the [Burn](burn) module and its loss.
//!
//! A learning diagram names spaces of tensors, maps between them, and the paths of maps that should
//! agree. [`diagram!`] checks every shape when it expands. It generates a configuration, a module, a
//! batch, the loss, and the implementations that Burn's learner needs to train it.
//!
//! | item | contents |
//! |---|---|
//! | [`prelude`] | the imports of a file with a diagram |
//! | [`DiagramError`] | the errors of a batch or a model at run time |
//! | [`loss`] | the losses and metrics that measure cells |
//! | [`train`] | the connection of a generated model to Burn's learner |
//!
//! Diagrams as data, with their text forms, are [`diagram_core`]'s; Burn is re-exported as [`burn`].
//!
//! The pages of `docs/` are part of this documentation: [an introduction](docs::introduction), [the language, a
//! page per topic](docs::language), [its layers](docs::layers) and [losses](docs::losses), [how to
//! train](docs::training), [what a diagram means](docs::semantics), [the errors](docs::errors), and, for
//! contributors, [the architecture](docs::architecture).

pub mod adapters;
mod average;
mod built;
mod config;
mod constant;
mod diagram;
#[cfg(any(doc, doctest))]
pub mod docs;
mod entries;
mod error;
mod field;
mod gradient;
mod learned;
pub mod loss;
mod map;
mod message;
mod module;
mod passes;
mod recording;
mod shape;
mod signature;
pub mod train;
mod values;

#[doc(hidden)]
pub mod __private;

pub use burn;
pub use diagram_core;
pub use diagram_core::Diagram;
pub use error::DiagramError;
pub use learned::Learned;
pub use map::Map;

/// Reads learning diagrams and expands to Burn modules and their losses.
///
/// It takes any number of diagrams. Each has a visibility, a name, hyper-parameters and a body of objects,
/// data, arrows, definitions and cells. For a diagram `Name` it generates:
///
/// * `NameConfig`, a Burn configuration: the hyper-parameters, and `init`, which builds the model;
/// * `Name`, a Burn module with a field for each morphism that has parameters and a method for each
///   morphism, with `loss` and `evaluate`, and with `training`, which sets up Burn's learner;
/// * `NameBatch`, the data of one batch, and `NameLoss`, the total and one value per named cell.
///
/// Mistakes in the diagram are compile errors, each at its own token. A fault that only a batch can show is a
/// [`DiagramError`]. [The language](crate::docs::language) is described with a page per topic.
///
/// # Example
///
/// A code of two numbers that the input can be rebuilt from:
///
/// ```
/// use diagrammatic::prelude::*;
///
/// diagram! {
///     /// Two numbers for eight.
///     pub Autoencoder(hidden: usize = 16) {
///         dyn batch;
///
///         data Input: [batch, 8];
///         Code: [batch, 2];
///
///         Input --encoder--> Code --decoder--> Input;
///
///         encoder = linear(hidden) >> relu >> linear;
///         decoder = linear(hidden) >> relu >> linear;
///
///         rebuild: encoder >> decoder ~ Input by mse;
///     }
/// }
///
/// let device = Device::default().autodiff();
/// let model = AutoencoderConfig::new().with_hidden(4).init(&device);
/// let input = Tensor::ones([3, 8], &device);
/// assert_eq!(model.encoder(input.clone()).dims(), [3, 2]);
/// let loss = model.loss(AutoencoderBatch { input });
/// let gradients = loss.total.backward();
/// assert!(model.decoder.linear_2.weight.val().grad(&gradients).is_some());
/// ```
#[macro_export]
macro_rules! diagram {
    ($($tokens:tt)*) => {
        // Items only: in the place of an expression, rustc reports here that this macro is no expression.
        $crate::__private::a_diagram_is_items! {}
        $crate::__private::resume! { [$crate] { $($tokens)* } }
    };
}

/// States the inputs and outputs of a method of a module, so that [`diagram!`] checks their sizes at compile time.
///
/// Above an `impl` of a module it describes `forward`; any other method has its signature directly above it. Lower-case
/// names stand for the sizes that a diagram draws; upper-case names and paths are constants. [The
/// page on signatures](crate::docs::language::signatures) says more.
///
/// # Example
///
/// ```
/// use burn::nn::Linear;
/// use diagrammatic::prelude::*;
///
/// #[derive(Module, Debug)]
/// pub struct Reader {
///     linear: Linear,
/// }
///
/// #[signature([b, n, 8] * Bool[b, n] -> [b, 10])]
/// impl Reader {
///     pub fn forward(&self, text: Tensor<3>, padding: Tensor<2, Bool>) -> Tensor<2> {
///         let text = text.mask_fill(padding.unsqueeze_dim::<3>(2), 0.0);
///         self.linear.forward(text.sum_dim(1).squeeze_dim(1))
///     }
/// }
/// ```
pub use diagram_macros::signature;

/// The imports of a file with a diagram: `use diagrammatic::prelude::*;`.
pub mod prelude {
    pub use burn;
    #[doc(no_inline)]
    pub use burn::prelude::*;

    #[doc(no_inline)]
    pub use crate::train::Batch;
    #[doc(no_inline)]
    pub use crate::{DiagramError, Map, diagram, signature};
}
