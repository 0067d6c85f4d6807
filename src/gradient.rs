//! Changes of gradients on their way through a path.

use burn::tensor::Tensor;

use crate::loss::Scalar;

/// The same value, whose gradient is multiplied by `multiple` on its way back. No gradient passes where the value
/// is not finite.
#[must_use]
pub fn scale_gradient<const D: usize>(value: Tensor<D>, multiple: impl Scalar) -> Tensor<D> {
    if !value.is_tracked() {
        return value;
    }
    let fixed = value.clone().detach();
    // The difference is 0, so the value is kept bit for bit. For infinite values it would not be a number.
    let without = fixed.clone().is_finite().bool_not();
    let difference = (value - fixed.clone()).mask_fill(without, 0.0);
    multiple.times(difference) + fixed
}
