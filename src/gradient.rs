//! What becomes of gradients on their way through a path.

use burn::tensor::Tensor;

use crate::loss::Scalar;

/// The same value, whose gradient is multiplied by `multiple` on its way to what it was made of.
///
/// Where it is infinite, the value is no number: a sum of which one part has no gradient stands for it.
#[must_use]
pub fn scale_gradient<const D: usize>(value: Tensor<D>, multiple: impl Scalar) -> Tensor<D> {
    if !value.is_tracked() {
        return value;
    }
    let fixed = value.clone().detach();
    // The difference is 0, so that the value is kept bit for bit.
    multiple.times(value - fixed.clone()) + fixed
}
