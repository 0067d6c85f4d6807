//! Binary losses: their values have all axes of the ends.

use burn::tensor::Tensor;
use burn::tensor::activation::{log_sigmoid, relu};

use super::{Numbers, Scalar};

/// The binary cross-entropy: −t · log p − (1 − t) · log(1 − p), where p is the prediction, or its
/// sigmoid (`logits`). Targets between 0 and 1 are allowed. Logarithms of probabilities are at least −100.
///
/// With a `smoothing` of α, the target is t · (1 − α) + α / c, where c is the number of classes on the last axis (2
/// for rank 1), as in Burn. With `weights`, one per class on the last axis, each value is multiplied by the weight of
/// its class.
///
/// # Shapes
///
/// Both ends have one shape, which is that of the values. The target may be of any kind.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::binary_cross_entropy};
///
/// let device = Device::default();
/// let logits = Tensor::<1>::from_data([0.0], &device);
/// let target = Tensor::<1, Bool>::from_data([true], &device);
/// let value = binary_cross_entropy(logits, target, true, 0.0, &[]).into_scalar::<f32>();
/// assert!((value - 2.0_f32.ln()).abs() < 1e-6);
/// ```
#[must_use]
pub fn binary_cross_entropy<const D: usize>(
    prediction: Tensor<D>,
    target: impl Numbers<D>,
    logits: bool,
    smoothing: f64,
    weights: &[f64],
) -> Tensor<D> {
    let mut target = target.numbers();
    let dims = target.dims();
    if smoothing != 0.0 {
        #[expect(clippy::cast_precision_loss, reason = "far fewer classes than 2^52")]
        let classes = if D > 1 { dims[D - 1] as f64 } else { 2.0 };
        target = target * (1.0 - smoothing) + smoothing / classes;
    }
    let loss = if logits {
        // Stable, and its gradient at 0 is that of the sigmoid.
        (target.neg() + 1.0) * prediction.clone() - log_sigmoid(prediction)
    } else {
        let no = prediction.clone().neg().log1p().clamp_min(-100.0);
        let yes = prediction.log().clamp_min(-100.0);
        (target.clone() - 1.0) * no - target * yes
    };
    if weights.is_empty() {
        return loss;
    }
    let last: [usize; D] =
        std::array::from_fn(|axis| if axis + 1 == D { weights.len() } else { 1 });
    let weights = Tensor::<1>::from_data(weights, &loss.device()).reshape(last);
    loss * weights.expand(dims)
}

/// x where the target is 1, and max(0, margin − x) where it is −1, for distances x.
///
/// # Shapes
///
/// Both ends have one shape, which is that of the values. The target is Float or Int.
#[must_use]
pub fn hinge_embedding<const D: usize>(
    distance: Tensor<D>,
    target: impl Numbers<D>,
    margin: impl Scalar,
) -> Tensor<D> {
    let alike = target.numbers().equal_elem(1.0);
    let apart = relu(margin.plus(distance.clone().neg()));
    apart.mask_where(alike, distance)
}

/// log(1 + exp(−target · prediction)), for targets of 1 and −1.
///
/// # Shapes
///
/// Those of [`hinge_embedding`].
#[must_use]
pub fn soft_margin<const D: usize>(prediction: Tensor<D>, target: impl Numbers<D>) -> Tensor<D> {
    log_sigmoid(prediction * target.numbers()).neg()
}

/// max(0, margin − target · (first − second)): the first should be larger where the target is 1, and the second
/// where the target is −1.
///
/// # Shapes
///
/// Those of [`hinge_embedding`].
#[must_use]
pub fn margin_ranking<const D: usize>(
    first: Tensor<D>,
    second: Tensor<D>,
    target: impl Numbers<D>,
    margin: impl Scalar,
) -> Tensor<D> {
    relu(margin.plus((target.numbers() * (first - second)).neg()))
}
