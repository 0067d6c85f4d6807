//! Losses between distributions: one value a distribution, which lies on the last axis.

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
    // The factor goes to the target, which most often takes no gradient: so it is not recorded.
    let scaled = temperature.squared().times(log_p.clone().exp());
    (scaled * (log_p - log_q)).sum_dim(last)
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
