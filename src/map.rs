//! Maps between tensors: what fills a slot of a diagram.

use crate::signature::Stated;

/// What fills a slot (`trunk = _;`): a module that takes the tensors of the slot's domain and gives those of
/// its codomain, by value.
///
/// One factor is a tensor, several are a tuple of tensors in order, and none is `()`. Ranks and kinds are the
/// trait's; sizes are compared with the drawing at every call, and where [`signature`](crate::signature) stands
/// above the `impl`, while your crate compiles, too. A module may be several maps, with other ranks or kinds.
///
/// # Example
///
/// A classifier on whatever trunk it is given:
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
    /// The tensors that it gives.
    type Output;

    /// What `#[signature]` states of it.
    #[doc(hidden)]
    const SIGNATURE: Option<Stated> = None;

    /// Applies the map.
    fn apply(&self, input: Input) -> Self::Output;
}
