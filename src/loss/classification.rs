//! Logits against classes: one value per class in the target.

use burn::tensor::activation::{log_softmax, relu};
use burn::tensor::{Int, Tensor};

use super::Scalar;
use super::divergence::along;

/// The cross-entropy of classes: −log softmax(logits)\[class\].
///
/// # Shapes
///
/// `logits` are `[.., classes]`, with one entry per class on the last axis. `classes` have the axes before it, and
/// entries in `0..classes`. The values have the axes of `classes`.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::cross_entropy};
///
/// let device = Device::default();
/// let logits = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let classes = Tensor::<1, Int>::from_data([2], &device);
/// let value = cross_entropy(logits, classes).mean().into_scalar::<f32>();
/// assert!((value - 0.407_606).abs() < 1e-6);
/// ```
#[must_use]
pub fn cross_entropy<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
) -> Tensor<E> {
    cross_entropy_along(logits, classes, E)
}

/// The [cross-entropy](cross_entropy) of classes that lie on any axis of the logits, as in segmentation.
///
/// # Shapes
///
/// `classes` have the axes of `logits` except `axis`.
///
/// # Panics
///
/// If the shapes differ from these.
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
/// let value = cross_entropy_along(logits, classes, 1).mean().into_scalar::<f32>();
/// assert!((value - (0.407_606 + 3.0_f32.ln()) / 2.0).abs() < 1e-6);
/// ```
#[must_use]
pub fn cross_entropy_along<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    axis: usize,
) -> Tensor<E> {
    one_axis_less::<D, E>();
    // The form of Burn's own `CrossEntropyLoss`, which takes rank 2 only.
    let classes = classes.unsqueeze_dim::<D>(axis);
    log_softmax(logits, axis)
        .gather(axis, classes)
        .neg()
        .squeeze_dim(axis)
}

/// How [`cross_entropy_by`] differs from [`cross_entropy`].
#[derive(Clone, Copy, Debug, Default)]
pub struct CrossEntropy<'a> {
    /// α: the target is 1 − α at the class and α spread over all classes (Szegedy et al. 2016,
    /// [arXiv 1512.00567](https://arxiv.org/abs/1512.00567), section 7).
    pub smoothing: f64,
    /// The weight of each class; empty if all classes have the same weight.
    pub weights: &'a [f64],
    /// Predictions are probabilities, not logits.
    pub probabilities: bool,
}

/// The [cross-entropy](cross_entropy) of classes on any axis, with smoothing, with weights, or of probabilities.
/// Each value is multiplied by the weight of its class. The mean of the cell is [`mean_by`](super::mean_by) with
/// [`class_counts`], as in Burn and `PyTorch`.
///
/// # Shapes
///
/// Those of [`cross_entropy_along`].
///
/// # Panics
///
/// If the shapes differ from these.
#[must_use]
pub fn cross_entropy_by<const D: usize, const E: usize>(
    prediction: Tensor<D>,
    classes: Tensor<E, Int>,
    axis: usize,
    settings: CrossEntropy<'_>,
) -> Tensor<E> {
    one_axis_less::<D, E>();
    let logs = if settings.probabilities {
        // As in Burn: small enough to be no probability, large enough for a logarithm.
        let least = prediction
            .dtype()
            .finfo()
            .map_or(1e-19, |info| info.min_positive.sqrt());
        prediction.clamp_min(least).log()
    } else {
        log_softmax(prediction, axis)
    };
    let logs = match settings.weights {
        [] => logs,
        weights => logs.clone() * along(weights, axis, &logs),
    };
    let at_class = logs.clone().gather(axis, classes.unsqueeze_dim::<D>(axis));
    let value = if settings.smoothing == 0.0 {
        at_class
    } else {
        at_class * (1.0 - settings.smoothing) + logs.mean_dim(axis) * settings.smoothing
    };
    value.neg().squeeze_dim(axis)
}

/// The weight of each unit in a mean: the weight of its class (1 without weights), and 0 if its class is one
/// of `ignored`. The ignored classes need not be among the classes of the logits.
#[must_use]
pub fn class_counts<const E: usize>(
    classes: &Tensor<E, Int>,
    weights: &[f64],
    ignored: &[i64],
    like: &Tensor<E>,
) -> Tensor<E> {
    let counts = if weights.is_empty() {
        like.ones_like().detach()
    } else {
        let weights = Tensor::<1>::from_data(weights, &like.device());
        let flat = known_classes(classes, ignored).reshape([-1]);
        weights.gather(0, flat).reshape(classes.dims())
    };
    ignored.iter().fold(counts, |counts, class| {
        counts.mask_fill(classes.clone().equal_elem(*class), 0.0)
    })
}

/// The classes, with class 0 in place of those that are `ignored`, so that a loss can read them all. Its values
/// there have the weight 0 by [`class_counts`].
#[must_use]
pub fn known_classes<const E: usize>(classes: &Tensor<E, Int>, ignored: &[i64]) -> Tensor<E, Int> {
    ignored.iter().fold(classes.clone(), |known, class| {
        known.mask_fill(classes.clone().equal_elem(*class), 0)
    })
}

/// The mean over the other classes of max(0, margin + logit − logit of the class)ᵖ, with the number of all
/// classes as its divisor, as in Burn and `PyTorch`. `p` is 1 or 2.
///
/// # Shapes
///
/// Those of [`cross_entropy`].
#[must_use]
pub fn multi_margin<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    margin: impl Scalar,
    p: usize,
) -> Tensor<E> {
    one_axis_less::<D, E>();
    let classes = classes.unsqueeze_dim::<D>(E);
    let at_class = logits.clone().gather(E, classes.clone());
    let margins = relu(margin.plus(logits - at_class));
    let margins = if p == 2 { margins.square() } else { margins };
    // The class itself does not count among the others.
    let others = margins.ones_like().detach().scatter(
        E,
        classes.clone(),
        classes.float().zeros_like() - 1.0,
        burn::tensor::IndexingUpdateOp::Add,
    );
    (margins * others).mean_dim(E).squeeze_dim(E)
}

/// 1 for each unit whose largest entry is at its class, else 0, and NaN if one of its entries is NaN. Higher is
/// better. It has no gradient, so it can only be watched.
///
/// # Shapes
///
/// Those of [`cross_entropy`].
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::accuracy};
///
/// let device = Device::default();
/// let logits = Tensor::<2>::from_data([[1.0, 3.0], [2.0, 0.0]], &device);
/// let classes = Tensor::<1, Int>::from_data([1, 1], &device);
/// assert_eq!(accuracy(logits, classes).mean().into_scalar::<f32>(), 0.5);
/// ```
#[must_use]
pub fn accuracy<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
) -> Tensor<E> {
    accuracy_along(logits, classes, E)
}

/// The [accuracy] of classes that lie on any axis of the logits.
///
/// # Shapes
///
/// Those of [`cross_entropy_along`].
///
/// # Panics
///
/// If the shapes differ from these.
#[must_use]
pub fn accuracy_along<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    axis: usize,
) -> Tensor<E> {
    one_axis_less::<D, E>();
    let broken = logits.clone().is_nan().any_dim(axis);
    let largest = logits.argmax(axis);
    let right = largest.equal(classes.unsqueeze_dim(axis)).float();
    right.mask_fill(broken, f64::NAN).squeeze_dim(axis)
}

/// 1 for each unit with fewer than `k` entries that are larger than the entry of its class, else 0, and NaN if one of
/// its entries is NaN. Higher is better. It has no gradient, so it can only be watched. Entries that equal that of
/// the class rank after it.
///
/// # Shapes
///
/// Those of [`cross_entropy_along`].
///
/// # Panics
///
/// If the shapes differ from these.
#[must_use]
pub fn top_k<const D: usize, const E: usize>(
    logits: Tensor<D>,
    classes: Tensor<E, Int>,
    k: usize,
    axis: usize,
) -> Tensor<E> {
    one_axis_less::<D, E>();
    let at_class = logits
        .clone()
        .gather(axis, classes.unsqueeze_dim::<D>(axis));
    let broken = logits.clone().is_nan().any_dim(axis);
    let dims = logits.dims();
    let larger = logits.greater(at_class.expand(dims)).int().sum_dim(axis);
    let k = i64::try_from(k).unwrap_or(i64::MAX);
    let within = larger.lower_elem(k).float();
    within.mask_fill(broken, f64::NAN).squeeze_dim(axis)
}

/// A check when the code is compiled.
const fn one_axis_less<const D: usize, const E: usize>() {
    const {
        assert!(
            E + 1 == D,
            "the classes lack one axis of the logits, and no other"
        );
    };
}
