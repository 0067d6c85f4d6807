//! Losses of every element of two tensors: their values have all axes of the ends.

use burn::tensor::{Bool, Int, Tensor};

use super::Scalar;

/// Numbers of any kind: a target that is Int or Bool is read as Float.
pub trait Numbers<const D: usize> {
    /// The numbers as Float.
    fn numbers(self) -> Tensor<D>;
}

impl<const D: usize> Numbers<D> for Tensor<D> {
    fn numbers(self) -> Tensor<D> {
        self
    }
}

impl<const D: usize> Numbers<D> for Tensor<D, Int> {
    fn numbers(self) -> Tensor<D> {
        self.float()
    }
}

impl<const D: usize> Numbers<D> for Tensor<D, Bool> {
    fn numbers(self) -> Tensor<D> {
        self.float()
    }
}

/// The squared error: (prediction − target)².
///
/// # Shapes
///
/// Both ends have one shape, which is that of the values.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::mse};
///
/// let device = Device::default();
/// let prediction = Tensor::<2>::from_data([[1.0, 2.0]], &device);
/// let target = Tensor::<2>::from_data([[1.0, 4.0]], &device);
/// assert_eq!(mse(prediction, target).mean().into_scalar::<f32>(), 2.0);
/// ```
#[must_use]
pub fn mse<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<D> {
    (prediction - target).square()
}

/// The squared error, by its name as a norm: [`mse`].
///
/// # Shapes
///
/// Those of [`mse`].
#[must_use]
pub fn l2<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<D> {
    mse(prediction, target)
}

/// The absolute error: |prediction − target|.
///
/// # Shapes
///
/// Those of [`mse`].
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::l1};
///
/// let device = Device::default();
/// let prediction = Tensor::<2>::from_data([[1.0, 2.0]], &device);
/// let target = Tensor::<2>::from_data([[1.0, 4.0]], &device);
/// assert_eq!(l1(prediction, target).mean().into_scalar::<f32>(), 1.0);
/// ```
#[must_use]
pub fn l1<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<D> {
    (prediction - target).abs()
}

/// The error to a power: |prediction − target|ᵖ. `p` is at least 1, because for a smaller `p` the gradient is infinite
/// where both are equal.
///
/// # Shapes
///
/// Those of [`mse`].
#[must_use]
#[expect(clippy::float_cmp, reason = "only exactly 1 and 2 have shorter forms")]
pub fn lp<const D: usize>(prediction: Tensor<D>, target: Tensor<D>, p: f64) -> Tensor<D> {
    if p == 1.0 {
        l1(prediction, target)
    } else if p == 2.0 {
        mse(prediction, target)
    } else {
        (prediction - target).abs().powf_scalar(p)
    }
}

/// The squared error where the error is small, and the absolute error where it is large: with
/// r = |prediction − target|, r² / 2 up to `delta`, and delta · (r − delta / 2) from there (Huber 1964).
///
/// # Shapes
///
/// Those of [`mse`].
#[must_use]
pub fn huber<const D: usize>(
    prediction: Tensor<D>,
    target: Tensor<D>,
    delta: impl Scalar,
) -> Tensor<D> {
    let error = (prediction - target).abs();
    // One formula for both parts, with the gradient of each.
    let small = delta.at_most(error.clone());
    small.clone() * (error - small * 0.5)
}

/// [`huber`], divided by `beta` (Girshick 2015, [arXiv 1504.08083](https://arxiv.org/abs/1504.08083)):
/// its slope is 1 for large errors.
///
/// # Shapes
///
/// Those of [`mse`].
#[must_use]
pub fn smooth_l1<const D: usize>(
    prediction: Tensor<D>,
    target: Tensor<D>,
    beta: impl Scalar,
) -> Tensor<D> {
    let error = huber(prediction, target, beta.clone());
    beta.divide(error)
}

/// The negative log-likelihood of counts: λ − target · log λ, where λ is the prediction, or its exponential
/// where the prediction is the logarithm (`log_input`). With `full`, Stirling's approximation of
/// log(target!) is added for targets above 1.
///
/// # Shapes
///
/// Those of [`mse`].
#[must_use]
pub fn poisson_nll<const D: usize>(
    prediction: Tensor<D>,
    target: impl Numbers<D>,
    log_input: bool,
    full: bool,
    eps: impl Scalar,
) -> Tensor<D> {
    let target = target.numbers();
    let loss = if log_input {
        prediction.clone().exp() - target.clone() * prediction
    } else {
        prediction.clone() - target.clone() * eps.plus(prediction).log()
    };
    if !full {
        return loss;
    }
    // The logarithm of 0 is never taken: where the target is small, the term is left out.
    let small = target.clone().lower_equal_elem(1.0);
    let target = target.clamp_min(1.0);
    let stirling = target.clone() * target.clone().log() - target.clone()
        + (target * std::f64::consts::TAU).log() * 0.5;
    loss + stirling.mask_fill(small, 0.0)
}

/// The negative log-likelihood of a normal distribution: (log v + (mean − target)² / v) / 2, where v is the
/// variance, at least `eps`. With `full`, log(2π) / 2 is added (Nix and Weigend 1994).
///
/// # Shapes
///
/// All ends, including the variance (which is not a logarithm), have the shape of those of [`mse`].
#[must_use]
pub fn gaussian_nll<const D: usize>(
    mean: Tensor<D>,
    target: Tensor<D>,
    variance: Tensor<D>,
    eps: impl Scalar,
    full: bool,
) -> Tensor<D> {
    let variance = eps.at_least(variance);
    let loss = (variance.clone().log() + (mean - target).square() / variance) * 0.5;
    if full {
        loss + std::f64::consts::TAU.ln() * 0.5
    } else {
        loss
    }
}
