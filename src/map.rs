//! Maps between tensors: the modules that fill slots of diagrams.

use crate::signature::Stated;

/// A module that can fill a slot (`trunk = _;`): it takes the tensors of the slot's domain and returns those of its
/// codomain, by value.
///
/// One factor is a tensor, several factors are a tuple of tensors in order, and no factor is `()`. The types of the
/// `impl` state ranks and kinds. Sizes are compared with the drawing at every call. If
/// [`signature`](crate::signature) stands above the `impl`, they are also compared while your crate compiles. A
/// module may be several maps, with different ranks or kinds.
///
/// # Example
///
/// A classifier on any trunk:
///
/// ```
/// use burn::nn::{Linear, LinearConfig};
/// use diagrammatic::prelude::*;
///
/// diagram! {
///     pub Classifier {
///         dyn batch;
///         data Image: [batch, 1, 8, 8];
///         data Label: Int[batch];
///         Feature: [batch, 16];
///         Logits: [batch, 10];
///         Image --trunk--> Feature --head--> Logits;
///         trunk = _;
///         head = linear;
///         trunk >> head ~ Label by cross_entropy;
///     }
/// }
///
/// #[derive(Module, Debug)]
/// struct Flat {
///     linear: Linear,
/// }
///
/// impl Map<Tensor<4>> for Flat {
///     type Output = Tensor<2>;
///
///     fn apply(&self, image: Tensor<4>) -> Tensor<2> {
///         self.linear.forward(image.flatten(1, 3))
///     }
/// }
///
/// let device = Device::default();
/// let trunk = Flat { linear: LinearConfig::new(64, 16).init(&device) };
/// let model = ClassifierConfig::new().init(ClassifierModules { trunk }, &device);
/// assert_eq!(model.trunk(Tensor::ones([3, 1, 8, 8], &device)).dims(), [3, 16]);
/// ```
pub trait Map<Input> {
    /// The tensors that it returns.
    type Output;

    /// The statement of its `#[signature]`.
    #[doc(hidden)]
    const SIGNATURE: Option<Stated> = None;

    /// Applies the map.
    fn apply(&self, input: Input) -> Self::Output;
}
