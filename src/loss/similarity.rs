//! Losses between vectors, which lie on the last axis: one value per pair or triple of vectors.

use burn::tensor::activation::relu;
use burn::tensor::{Int, Tensor};

use super::Scalar;

/// The smallest length by which a vector is divided.
const SHORTEST: f64 = 1e-8;

/// The vectors, scaled to length 1. Vectors of length 0 do not change, and have a finite gradient.
pub(super) fn normalised<const D: usize>(vectors: Tensor<D>) -> Tensor<D> {
    let squared = vectors.clone().square().sum_dim(D - 1);
    vectors / squared.clamp_min(SHORTEST * SHORTEST).sqrt()
}

fn cosine_of<const D: usize>(one: Tensor<D>, other: Tensor<D>) -> Tensor<D> {
    (normalised(one) * normalised(other)).sum_dim(D - 1)
}

/// 1 − cos of the angle between two vectors, from 0 to 2.
///
/// # Shapes
///
/// Both ends are `[.., n]`, of one shape; the values keep the last axis with size 1.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::cosine};
///
/// let device = Device::default();
/// let one = Tensor::<2>::from_data([[3.0, 0.0]], &device);
/// let other = Tensor::<2>::from_data([[0.0, 2.0]], &device);
/// assert_eq!(cosine(one, other).into_scalar::<f32>(), 1.0);
/// ```
#[must_use]
pub fn cosine<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<D> {
    cosine_of(prediction, target).neg() + 1.0
}

/// 1 − cos where the target is 1, and max(0, cos − margin) where it is −1.
///
/// # Shapes
///
/// Two ends are `[.., n]`, of one shape. The target and the values have the axes before the last.
#[must_use]
pub fn cosine_embedding<const D: usize, const E: usize>(
    one: Tensor<D>,
    other: Tensor<D>,
    target: Tensor<E, Int>,
    margin: impl Scalar,
) -> Tensor<E> {
    let cosine = cosine_of(one, other).squeeze_dim::<E>(D - 1);
    let alike = cosine.clone().neg() + 1.0;
    relu(margin.less(cosine)).mask_where(target.equal_elem(1), alike)
}

/// max(0, |anchor − positive|² − |anchor − negative|² + margin) (Schroff, Kalenichenko and Philbin 2015,
/// [arXiv 1503.03832](https://arxiv.org/abs/1503.03832), section 3.1).
///
/// # Shapes
///
/// All ends are `[.., n]`, of one shape; the values keep the last axis with size 1.
#[must_use]
pub fn triplet<const D: usize>(
    anchor: Tensor<D>,
    positive: Tensor<D>,
    negative: Tensor<D>,
    margin: impl Scalar,
) -> Tensor<D> {
    let near = (anchor.clone() - positive).square().sum_dim(D - 1);
    let far = (anchor - negative).square().sum_dim(D - 1);
    relu(margin.plus(near - far))
}

/// max(0, |anchor − positive|ₚ − |anchor − negative|ₚ + margin): Burn's loss, with a distance of at least 1e-6, so
/// that its gradient is finite at equal points.
///
/// # Shapes
///
/// Those of [`triplet`].
#[must_use]
pub fn triplet_margin<const D: usize>(
    anchor: Tensor<D>,
    positive: Tensor<D>,
    negative: Tensor<D>,
    margin: impl Scalar,
    p: f64,
) -> Tensor<D> {
    let near = distance(anchor.clone() - positive, p);
    let far = distance(anchor - negative, p);
    relu(margin.plus(near - far))
}

#[expect(clippy::float_cmp, reason = "only exactly 1 and 2 have shorter forms")]
fn distance<const D: usize>(difference: Tensor<D>, p: f64) -> Tensor<D> {
    const LEAST: f64 = 1e-6;
    if p == 1.0 {
        difference.abs().sum_dim(D - 1)
    } else if p == 2.0 {
        let squared = difference.square().sum_dim(D - 1);
        squared.clamp_min(LEAST * LEAST).sqrt()
    } else {
        // The entries are divided by the largest, so that powers are neither too large nor too small.
        let entries = difference.abs();
        let largest = entries.clone().max_dim(D - 1).detach().clamp_min(LEAST);
        let sum = (entries / largest.clone()).powf_scalar(p).sum_dim(D - 1);
        // The largest is 1 now, unless all are 0.
        sum.clamp_min(1e-12).powf_scalar(1.0 / p) * largest
    }
}
