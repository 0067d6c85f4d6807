//! Losses between distributions, which lie on the last axis: one value per distribution.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;

use super::Scalar;

/// The divergence that distillation minimises: T² · KL(softmax(target / T) ‖ softmax(prediction / T)),
/// with KL(p ‖ q) = Σ p · (log p − log q).
///
/// The factor T² keeps the size of the gradients when the temperature changes (Hinton, Vinyals and
/// Dean 2015, [arXiv 1503.02531](https://arxiv.org/abs/1503.02531), section 2).
///
/// # Shapes
///
/// Both ends are logits `[.., classes]`, of one shape. The sum runs over the last axis, which the values
/// keep with size 1.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::kl};
///
/// let device = Device::default();
/// let student = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let teacher = Tensor::<2>::from_data([[3.0, 1.0, 0.0]], &device);
/// let value = kl(student, teacher, 4.0).mean().into_scalar::<f32>();
/// assert!((value - 2.154_541).abs() < 1e-5);
/// ```
#[must_use]
pub fn kl<const D: usize>(
    prediction: Tensor<D>,
    target: Tensor<D>,
    temperature: impl Scalar,
) -> Tensor<D> {
    let last = D - 1;
    let log_q = log_softmax(temperature.clone().divide(prediction), last);
    let log_p = log_softmax(temperature.clone().divide(target), last);
    // The factor goes to the target, which usually takes no gradient: so the multiplication is not recorded.
    let scaled = temperature.squared().times(log_p.clone().exp());
    (scaled * (log_p - log_q)).sum_dim(last)
}

/// The cross-entropy of probabilities: −Σ t · log softmax(logits) over the classes, as in `PyTorch` for
/// probabilities.
///
/// With a `smoothing` of α, the target is t · (1 − α) + α / c, where c is the number of classes. With `weights`,
/// one per class, each term is multiplied by the weight of its class; the mean stays over all units.
///
/// # Shapes
///
/// Both ends are of one shape, with the classes on `axis`. The values have the other axes, and a last axis of
/// size 1.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::soft_cross_entropy};
///
/// let device = Device::default();
/// let logits = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let target = Tensor::<2>::from_data([[0.0, 0.5, 0.5]], &device);
/// let value = soft_cross_entropy(logits, target, 1, 0.0, &[]).mean().into_scalar::<f32>();
/// assert!((value - 0.907_606).abs() < 1e-6);
/// ```
#[must_use]
pub fn soft_cross_entropy<const D: usize>(
    logits: Tensor<D>,
    mut target: Tensor<D>,
    axis: usize,
    smoothing: f64,
    weights: &[f64],
) -> Tensor<D> {
    let dims = logits.dims();
    if smoothing != 0.0 {
        #[expect(clippy::cast_precision_loss, reason = "far fewer classes than 2^52")]
        let classes = dims[axis] as f64;
        target = target * (1.0 - smoothing) + smoothing / classes;
    }
    if !weights.is_empty() {
        target = target * along(weights, axis, &logits);
    }
    let terms = log_softmax(logits, axis).neg() * target;
    terms.sum_dim(axis).movedim(axis, D - 1)
}

/// Numbers along an axis, as a tensor of this shape.
pub(super) fn along<const D: usize>(numbers: &[f64], axis: usize, like: &Tensor<D>) -> Tensor<D> {
    let ones = std::array::from_fn(|at| if at == axis { numbers.len() } else { 1 });
    let numbers = Tensor::<1>::from_data(numbers, &like.device());
    numbers.reshape::<D, _>(ones).expand(like.dims())
}

/// The divergence of a normal distribution with independent entries from the standard one:
/// Σ (exp(s) + mean² − 1 − s) / 2, where s is the logarithm of the variance (Kingma and Welling 2014,
/// [arXiv 1312.6114](https://arxiv.org/abs/1312.6114), appendix B).
///
/// # Shapes
///
/// Both ends are `[.., n]`, of one shape. The sum runs over the last axis, which the values keep with size 1.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::kl_normal};
///
/// let device = Device::default();
/// let mean = Tensor::<2>::from_data([[1.0, 2.0]], &device);
/// let log_variance = Tensor::<2>::zeros([1, 2], &device);
/// assert_eq!(kl_normal(mean, log_variance).into_scalar::<f32>(), 2.5);
/// ```
#[must_use]
pub fn kl_normal<const D: usize>(mean: Tensor<D>, log_variance: Tensor<D>) -> Tensor<D> {
    let each = log_variance.clone().exp() + mean.square() - log_variance - 1.0;
    each.sum_dim(D - 1) * 0.5
}
