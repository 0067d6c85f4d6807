//! From the values of a loss to the value of a cell: masks, weights, and sums within units.

use burn::tensor::kind::Basic;
use burn::tensor::{Bool, Tensor};

/// The values where a mask is true, and 0 elsewhere, whatever the value there is. No gradient passes where the mask
/// is false.
///
/// # Shapes
///
/// The axes of the mask are the leading axes of the values. Its entry at an index applies to all values at that index.
///
/// # Panics
///
/// If the shapes differ from these.
#[must_use]
pub fn only<const V: usize, const M: usize>(values: Tensor<V>, mask: Tensor<M, Bool>) -> Tensor<V> {
    let without = spread(mask.bool_not(), values.dims());
    values.mask_fill(without, 0.0)
}

/// The values, each times its weight. No gradient passes the weights.
///
/// # Shapes
///
/// Those of [`only`].
///
/// # Panics
///
/// If the shapes differ from these.
#[must_use]
pub fn weighted<const V: usize, const W: usize>(
    values: Tensor<V>,
    weights: Tensor<W>,
) -> Tensor<V> {
    let weights = spread(weights.detach(), values.dims());
    values * weights
}

/// The mean of the values where a mask is true; 0 if it is true nowhere.
///
/// # Shapes
///
/// Those of [`only`].
///
/// # Panics
///
/// If the shapes differ from these.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::{mean_where, mse}};
///
/// let device = Device::default();
/// let prediction = Tensor::<2>::from_data([[1.0, 2.0], [0.0, f32::NAN]], &device);
/// let target = Tensor::<2>::from_data([[1.0, 4.0], [0.0, 0.0]], &device);
/// let mask = Tensor::<1, Bool>::from_data([true, false], &device);
/// let value = mean_where(mse(prediction, target), mask);
/// assert_eq!(value.into_scalar::<f32>(), 2.0);
/// ```
#[must_use]
pub fn mean_where<const V: usize, const M: usize>(
    values: Tensor<V>,
    mask: Tensor<M, Bool>,
) -> Tensor<1> {
    let behind = behind::<V, M>(values.dims());
    let counted = mask.clone().float().sum() * behind;
    only(values, mask).sum() / counted.clamp_min(1.0)
}

/// The sum of the values, divided by the sum of their counts; 0 if all counts are 0.
#[must_use]
pub fn mean_by<const V: usize>(values: Tensor<V>, counts: Tensor<V>) -> Tensor<1> {
    let counts = counts.sum();
    let nothing = counts.clone().equal_elem(0.0);
    values.sum() / counts.mask_fill(nothing, 1.0)
}

/// The sum of the values of each unit, where a unit is an index of the first `U` axes.
#[must_use]
pub fn sum_within<const V: usize, const U: usize>(values: Tensor<V>) -> Tensor<U> {
    let dims = values.dims();
    let units: [usize; U] = std::array::from_fn(|axis| dims[axis]);
    let count = units.iter().product::<usize>();
    values
        .reshape([count, behind_units(&dims, U)])
        .sum_dim(1)
        .reshape(units)
}

fn behind_units(dims: &[usize], units: usize) -> usize {
    dims.iter().skip(units).product()
}

/// The number of values for each index of the leading axes.
#[expect(clippy::cast_precision_loss, reason = "far fewer values than 2^52")]
fn behind<const V: usize, const M: usize>(dims: [usize; V]) -> f64 {
    behind_units(&dims, M) as f64
}

/// A tensor on leading axes, with each entry repeated along the other axes.
fn spread<const M: usize, const V: usize, K: Basic>(
    leading: Tensor<M, K>,
    dims: [usize; V],
) -> Tensor<V, K> {
    let given = leading.dims();
    assert!(
        given.iter().eq(dims.iter().take(M)),
        "{given:?} are not leading axes of the units {dims:?}"
    );
    let ones: [usize; V] = std::array::from_fn(|axis| given.get(axis).copied().unwrap_or(1));
    leading.reshape(ones).expand(dims)
}

/// The loss of a `minimize` without a loss: the elements of the tensor are the values.
#[must_use]
pub fn itself<const V: usize>(values: Tensor<V>) -> Tensor<V> {
    values
}
