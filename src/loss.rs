//! The losses and metrics that cells are measured by.
//!
//! Each takes one tensor an end, by value, the prediction first, and gives the mean over its *units*
//! as a tensor of shape `[1]`. All are safe for large logits.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// The mean squared error: the mean of (prediction − target)².
///
/// # Shapes
///
/// Both ends have one shape. A unit is an index of axis 0; within a unit the squares are averaged.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::mse};
///
/// let device = Device::default();
/// let prediction = Tensor::<2>::from_data([[1.0, 2.0]], &device);
/// let target = Tensor::<2>::from_data([[1.0, 4.0]], &device);
/// assert_eq!(mse(prediction, target).into_scalar::<f32>(), 2.0);
/// ```
#[must_use]
pub fn mse<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<1> {
    (prediction - target).square().mean()
}

/// The mean absolute error: the mean of |prediction − target|.
///
/// # Shapes
///
/// Both ends have one shape. A unit is an index of axis 0; within a unit the differences are averaged.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::l1};
///
/// let device = Device::default();
/// let prediction = Tensor::<2>::from_data([[1.0, 2.0]], &device);
/// let target = Tensor::<2>::from_data([[1.0, 4.0]], &device);
/// assert_eq!(l1(prediction, target).into_scalar::<f32>(), 1.0);
/// ```
#[must_use]
pub fn l1<const D: usize>(prediction: Tensor<D>, target: Tensor<D>) -> Tensor<1> {
    (prediction - target).abs().mean()
}

/// The cross-entropy of classes: the mean of −log softmax(logits)\[class\].
///
/// # Shapes
///
/// `logits` are `[.., classes]`, with one entry a class on the last axis; `classes` have the axes
/// before it, and entries in `0..classes`. Every index of those axes is a unit.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::cross_entropy};
///
/// let device = Device::default();
/// let logits = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let classes = Tensor::<1, Int>::from_data([2], &device);
/// let value = cross_entropy(logits, classes).into_scalar::<f32>();
/// assert!((value - 0.407_606).abs() < 1e-6);
/// ```
#[must_use]
pub fn cross_entropy<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
) -> Tensor<1> {
    cross_entropy_along(logits, classes, E)
}

/// The [cross-entropy](cross_entropy) of classes that lie on any axis of the logits, as in segmentation.
///
/// # Shapes
///
/// `classes` have the axes of `logits` but for `axis`.
///
/// # Panics
///
/// If the shapes are others.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::cross_entropy_along};
///
/// let device = Device::default();
/// // Three classes of two pixels.
/// let logits = Tensor::<3>::from_data([[[1.0, 0.0], [2.0, 0.0], [3.0, 0.0]]], &device);
/// let classes = Tensor::<2, Int>::from_data([[2, 0]], &device);
/// let value = cross_entropy_along(logits, classes, 1).into_scalar::<f32>();
/// assert!((value - (0.407_606 + 3.0_f32.ln()) / 2.0).abs() < 1e-6);
/// ```
#[must_use]
pub fn cross_entropy_along<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    axis: usize,
) -> Tensor<1> {
    const {
        assert!(
            E + 1 == D,
            "the classes lack one axis of the logits, and no other"
        );
    };
    // The form of Burn's own `CrossEntropyLoss`, which takes rank 2 only.
    let classes = classes.unsqueeze_dim::<D>(axis);
    log_softmax(logits, axis).gather(axis, classes).mean().neg()
}

/// The divergence that distillation minimises: T² · KL(softmax(target / T) ‖ softmax(prediction / T)),
/// with KL(p ‖ q) = Σ p · (log p − log q).
///
/// The factor T² keeps the size of the gradients when the temperature changes (Hinton, Vinyals and
/// Dean 2015, [arXiv 1503.02531](https://arxiv.org/abs/1503.02531), section 2).
///
/// # Shapes
///
/// Both ends are logits `[.., classes]`, of one shape. The sum runs over the last axis; every index of
/// the axes before it is a unit.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::kl};
///
/// let device = Device::default();
/// let student = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let teacher = Tensor::<2>::from_data([[3.0, 1.0, 0.0]], &device);
/// let value = kl(student, teacher, 4.0).into_scalar::<f32>();
/// assert!((value - 2.154_541).abs() < 1e-5);
/// ```
#[must_use]
pub fn kl<const D: usize>(prediction: Tensor<D>, target: Tensor<D>, temperature: f64) -> Tensor<1> {
    let last = D - 1;
    let units = target.dims()[..last].iter().product::<usize>();
    let log_q = log_softmax(prediction / temperature, last);
    let log_p = log_softmax(target / temperature, last);
    let divergence = (log_p.clone().exp() * (log_p - log_q)).sum();
    #[expect(clippy::cast_precision_loss, reason = "far fewer units than 2^52")]
    let units = units as f64;
    divergence * (temperature * temperature / units)
}

/// The share of units whose largest entry is at their class, from 0 to 1; higher is better. It has no
/// gradient: watch it.
///
/// # Shapes
///
/// As of [`cross_entropy`].
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::accuracy};
///
/// let device = Device::default();
/// let logits = Tensor::<2>::from_data([[1.0, 3.0], [2.0, 0.0]], &device);
/// let classes = Tensor::<1, Int>::from_data([1, 1], &device);
/// assert_eq!(accuracy(logits, classes).into_scalar::<f32>(), 0.5);
/// ```
#[must_use]
pub fn accuracy<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
) -> Tensor<1> {
    accuracy_along(logits, classes, E)
}

/// The [accuracy] of classes that lie on any axis of the logits.
///
/// # Shapes
///
/// As of [`cross_entropy_along`].
///
/// # Panics
///
/// If the shapes are others.
#[must_use]
pub fn accuracy_along<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    axis: usize,
) -> Tensor<1> {
    const {
        assert!(
            E + 1 == D,
            "the classes lack one axis of the logits, and no other"
        );
    };
    let largest = logits.argmax(axis);
    largest.equal(classes.unsqueeze_dim(axis)).float().mean()
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    fn device() -> Device {
        Device::default().autodiff()
    }

    fn value(tensor: Tensor<1>) -> f32 {
        assert_eq!(tensor.dims(), [1]);
        tensor.into_scalar::<f32>()
    }

    fn close(tensor: Tensor<1>, expected: f32) {
        let value = value(tensor);
        let tolerance = 1e-6 * expected.abs().max(1.0);
        assert!(
            (value - expected).abs() <= tolerance,
            "{value} is not {expected}"
        );
    }

    #[test]
    fn known_values() {
        let device = device();
        let student = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
        let teacher = Tensor::<2>::from_data([[3.0, 1.0, 0.0]], &device);
        close(kl(student.clone(), teacher, 4.0), 2.154_541);
        let p = Tensor::<2>::from_data([[0.1_f32.ln(), 0.6_f32.ln(), 0.3_f32.ln()]], &device);
        let q = Tensor::<2>::from_data([[0.2_f32.ln(), 0.3_f32.ln(), 0.5_f32.ln()]], &device);
        close(kl(q.clone(), p.clone(), 1.0), 0.193_326);
        assert!(
            (value(kl(p.clone(), q, 1.0)) - 0.193_326).abs() > 1e-3,
            "it is not symmetric"
        );
        close(kl(p.clone(), p, 3.0), 0.0);
        close(
            cross_entropy(student, Tensor::<1, Int>::from_data([2], &device)),
            0.407_606,
        );
        let a = Tensor::<2>::from_data([[1.0, 2.0], [0.0, 5.0]], &device);
        let b = Tensor::<2>::from_data([[2.0, 2.0], [0.0, 2.0]], &device);
        close(mse(a, b), 2.5);
    }

    #[test]
    fn a_loss_is_the_mean_over_all_its_units() {
        let device = device();
        let rows = [
            [1.0, 2.0, 3.0],
            [0.5, -1.0, 2.0],
            [3.0, 0.0, 0.0],
            [-2.0, 1.0, 1.5],
        ];
        let classes = [2, 0, 0, 1];
        let targets = [
            [0.0, 1.0, 0.0],
            [2.0, 2.0, 1.0],
            [1.0, 5.0, 0.0],
            [0.0, 0.0, 0.0],
        ];
        let row = |row: [f64; 3]| Tensor::<2>::from_data([row], &device);
        let mean = |values: Vec<f32>| values.iter().sum::<f32>() / 4.0;
        let logits = Tensor::<2>::from_data(rows, &device).reshape([2, 2, 3]);
        let labels = Tensor::<1, Int>::from_data(classes, &device).reshape([2, 2]);
        let target = Tensor::<2>::from_data(targets, &device).reshape([2, 2, 3]);
        let each = (0..4).map(|i| {
            let class = Tensor::<1, Int>::from_data([classes[i]], &device);
            value(cross_entropy(row(rows[i]), class))
        });
        close(
            cross_entropy(logits.clone(), labels.clone()),
            mean(each.collect()),
        );
        let each = (0..4).map(|i| value(kl(row(rows[i]), row(targets[i]), 2.0)));
        close(kl(logits.clone(), target, 2.0), mean(each.collect()));
        close(accuracy(logits.clone(), labels.clone()), 0.5);
        let expected = value(cross_entropy(logits.clone(), labels.clone()));
        let turned = logits.permute([0, 2, 1]);
        close(
            cross_entropy_along(turned.clone(), labels.clone(), 1),
            expected,
        );
        close(accuracy_along(turned, labels, 1), 0.5);
    }

    #[test]
    fn values_and_gradients_are_finite_at_large_logits() {
        let device = device();
        let logits =
            || Tensor::<2>::from_data([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4]], &device).require_grad();
        let target =
            || Tensor::<2>::from_data([[-1e4, 1e4, 0.0], [1e4, 0.0, -1e4]], &device).require_grad();
        let classes = Tensor::<1, Int>::from_data([1, 0], &device);
        let (prediction, aim) = (logits(), target());
        for loss in [
            mse(prediction.clone(), aim.clone()),
            kl(prediction.clone(), aim.clone(), 1.0),
            kl(prediction.clone(), aim.clone(), 0.5),
            cross_entropy(prediction.clone(), classes),
        ] {
            assert!(value(loss.clone()).is_finite());
            let gradients = loss.backward();
            let gradient = prediction.grad(&gradients).unwrap();
            let gradient = gradient.into_data().try_to_vec::<f32>().unwrap();
            assert!(
                gradient.iter().all(|entry| entry.is_finite()),
                "{gradient:?}"
            );
            assert!(gradient.iter().any(|entry| *entry != 0.0), "{gradient:?}");
            if let Some(gradient) = aim.grad(&gradients) {
                let gradient = gradient.into_data().try_to_vec::<f32>().unwrap();
                assert!(
                    gradient.iter().all(|entry| entry.is_finite()),
                    "{gradient:?}"
                );
            }
        }
    }
}
