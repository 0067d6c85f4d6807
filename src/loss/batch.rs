//! Losses of a whole batch, which is one unit: one value, of shape `[1]`.

use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Bool, Int, Tensor};

use super::Scalar;
use super::similarity::normalised;

/// The contrastive loss of pairs: each vector should be nearer to its partner than to the partners of others.
/// The logits are the cosines of all pairs, divided by the temperature. The loss is the cross-entropy of the
/// partner, averaged over both directions (Radford et al. 2021,
/// [arXiv 2103.00020](https://arxiv.org/abs/2103.00020), figure 3). Its ends need not be normalised.
///
/// With `inside`, a vector is also compared with the other vectors of its own side (Chen et al. 2020,
/// [arXiv 2002.05709](https://arxiv.org/abs/2002.05709), equation 1).
///
/// # Shapes
///
/// Both ends are `[batch, n]`.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::info_nce};
///
/// let same = Tensor::<2>::ones([4, 3], &Device::default());
/// let value = info_nce(same.clone(), same.clone(), 0.07, false).into_scalar::<f32>();
/// assert!((value - 4.0_f32.ln()).abs() < 1e-5);
/// let value = info_nce(same.clone(), same, 0.07, true).into_scalar::<f32>();
/// assert!((value - 7.0_f32.ln()).abs() < 1e-5);
/// ```
#[must_use]
pub fn info_nce(
    one: Tensor<2>,
    other: Tensor<2>,
    temperature: impl Scalar,
    inside: bool,
) -> Tensor<1> {
    let [count, _] = one.dims();
    let device = one.device();
    let (one, other) = (normalised(one), normalised(other));
    let index = |from: usize, to: usize| {
        let index = |n| i64::try_from(n).unwrap_or(i64::MAX);
        Tensor::<1, Int>::arange(index(from)..index(to), &device).unsqueeze_dim::<2>(1)
    };
    if inside {
        let all = Tensor::cat(vec![one, other], 0);
        let cosines = temperature.divide(all.clone().matmul(all.transpose()));
        // No vector is compared with itself.
        let own = Tensor::<2>::eye(2 * count, &device).bool();
        let logs = log_softmax(cosines.mask_fill(own, f32::NEG_INFINITY), 1);
        let partners = Tensor::cat(vec![index(count, 2 * count), index(0, count)], 0);
        return logs.gather(1, partners).mean().neg();
    }
    let cosines = temperature.divide(one.matmul(other.transpose()));
    let logs = log_softmax(cosines.clone(), 1) + log_softmax(cosines, 0);
    logs.gather(1, index(0, count)).mean() * -0.5
}

/// The correlations C between the entries of two views, normalised over the batch, should be the identity matrix:
/// Σᵢ (1 − Cᵢᵢ)² + lambda · Σᵢ≠ⱼ Cᵢⱼ² (Zbontar et al. 2021,
/// [arXiv 2103.03230](https://arxiv.org/abs/2103.03230), equation 1). A variance is at least 1e-5.
///
/// # Shapes
///
/// Both ends are `[batch, n]`.
#[must_use]
pub fn barlow_twins(one: Tensor<2>, other: Tensor<2>, lambda: impl Scalar) -> Tensor<1> {
    let [count, width] = one.dims();
    let diagonal = diagonal(width, &one);
    let correlations =
        standardised(one).transpose().matmul(standardised(other)) / as_float(count.max(1));
    let off = correlations.clone().mask_fill(diagonal.clone(), 0.0);
    let on = (correlations.neg() + 1.0).mask_fill(diagonal.bool_not(), 0.0);
    on.square().sum() + lambda.times(off.square().sum())
}

/// The amount by which the standard deviations of the entries over the batch are below 1: the mean of
/// max(0, 1 − √(variance + 1e-4)) (Bardes, Ponce and `LeCun` 2022,
/// [arXiv 2105.04906](https://arxiv.org/abs/2105.04906), equation 1). A batch of one has variance 0.
///
/// # Shapes
///
/// The end is `[batch, n]`.
#[must_use]
pub fn variance(vectors: Tensor<2>) -> Tensor<1> {
    let [count, _] = vectors.dims();
    let squared = centred(vectors).square().sum_dim(0) / as_float(count.saturating_sub(1).max(1));
    relu((squared + 1e-4).sqrt().neg() + 1.0).mean()
}

/// The amount by which different entries vary together over the batch: the sum of their squared covariances, divided by
/// their number (Bardes, Ponce and `LeCun` 2022, [arXiv 2105.04906](https://arxiv.org/abs/2105.04906),
/// equation 4). A batch of one has covariances 0.
///
/// # Shapes
///
/// The end is `[batch, n]`.
#[must_use]
pub fn covariance(vectors: Tensor<2>) -> Tensor<1> {
    let [count, width] = vectors.dims();
    let diagonal = diagonal(width, &vectors);
    let centred = centred(vectors);
    let covariances =
        centred.clone().transpose().matmul(centred) / as_float(count.saturating_sub(1).max(1));
    let others = covariances.mask_fill(diagonal, 0.0);
    others.square().sum() / as_float(width.max(1))
}

fn diagonal(width: usize, like: &Tensor<2>) -> Tensor<2, Bool> {
    Tensor::<2>::eye(width, &like.device()).bool()
}

fn centred(vectors: Tensor<2>) -> Tensor<2> {
    let mean = vectors.clone().mean_dim(0);
    vectors - mean
}

/// Entries with mean 0 and variance 1 over the batch.
fn standardised(vectors: Tensor<2>) -> Tensor<2> {
    let centred = centred(vectors);
    let variance = centred.clone().square().mean_dim(0);
    centred / (variance + 1e-5).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn as_float(count: usize) -> f64 {
    count as f64
}
