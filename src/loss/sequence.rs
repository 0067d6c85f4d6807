//! Losses of sequences without an alignment in the data: one value per sequence.

use burn::nn::loss::RNNTLossConfig;
use burn::tensor::module::ctc_loss;
use burn::tensor::{Bool, Int, Tensor};

/// Connectionist temporal classification: −log of the probability of all alignments of the target, divided
/// by the target's length, as the mean of Burn and `PyTorch` is (Graves et al. 2006). A target without an alignment,
/// because it needs more steps than its input has, has an infinite value; with `zero_infinity` that is 0. Where a length
/// is out of its range, the value is NaN.
///
/// # Shapes
///
/// Logarithms of probabilities `[time, batch, classes]`, Int targets `[batch, length]`, and the lengths of
/// both, Int `[batch]`: from 1 to `time`, and from 0 to `length`. The values are `[batch]`.
///
/// # Panics
///
/// If the shapes differ from these, or the blank is none of the classes.
///
/// # Example
///
/// ```
/// use diagrammatic::{burn::prelude::*, loss::ctc};
///
/// let device = Device::default();
/// let log_probs = Tensor::<3>::full([2, 3, 2], 0.5_f32.ln(), &device);
/// let targets = Tensor::<2, Int>::from_data([[1, 1], [1, 1], [1, 1]], &device);
/// let lengths = |lengths: [i64; 3]| Tensor::<1, Int>::from_data(lengths, &device);
/// let values = ctc(log_probs, targets, lengths([2, 2, 3]), lengths([1, 2, 1]), 0, false);
/// let values = values.into_data().try_to_vec::<f32>().unwrap();
/// assert!((values[0] - (4.0_f32 / 3.0).ln()).abs() < 1e-6);
/// assert!(values[1].is_infinite(), "equal classes stand apart");
/// assert!(values[2].is_nan(), "there are two steps");
/// ```
#[must_use]
pub fn ctc(
    log_probs: Tensor<3>,
    targets: Tensor<2, Int>,
    input_lengths: Tensor<1, Int>,
    target_lengths: Tensor<1, Int>,
    blank: usize,
    zero_infinity: bool,
) -> Tensor<1> {
    let [time, batch, classes] = log_probs.dims();
    let [of_targets, length] = targets.dims();
    let batches = [
        of_targets,
        input_lengths.dims()[0],
        target_lengths.dims()[0],
    ];
    assert_eq!(batches, [batch; 3], "the batches of the ends of `ctc`");
    assert!(
        blank < classes,
        "the blank {blank} is none of {classes} classes"
    );
    let (input_lengths, no_inputs) = within(input_lengths, 1, time);
    let (target_lengths, no_targets) = within(target_lengths, 0, length);
    let counts = target_lengths.clone().float().clamp_min(1.0);
    // Not by Burn's module, which panics where an input is shorter than its target, and does so in debug builds only.
    let values = ctc_loss(log_probs, targets, input_lengths, target_lengths, blank);
    let values = if zero_infinity {
        let infinite = values.clone().is_inf();
        values.mask_fill(infinite, 0.0)
    } else {
        values
    };
    (values / counts).mask_fill(no_inputs.bool_or(no_targets), f32::NAN)
}

/// The loss of transducers: −log of the probability of all alignments of the target (Graves 2012,
/// [arXiv 1211.3711](https://arxiv.org/abs/1211.3711)). Where a length is out of its range, the value is NaN.
///
/// # Shapes
///
/// Logits `[batch, time, length + 1, classes]`, Int targets `[batch, length]`, and the lengths of both, Int
/// `[batch]`: from 1 to `time`, and from 0 to `length`. The values are `[batch]`.
///
/// # Panics
///
/// If the shapes differ from these, or the blank is none of the classes.
#[must_use]
pub fn rnnt(
    prediction: Tensor<4>,
    targets: Tensor<2, Int>,
    logit_lengths: Tensor<1, Int>,
    target_lengths: Tensor<1, Int>,
    blank: usize,
    logits: bool,
) -> Tensor<1> {
    let (time, length) = (prediction.dims()[1], targets.dims()[1]);
    let (logit_lengths, no_logits) = within(logit_lengths, 1, time);
    let (target_lengths, no_targets) = within(target_lengths, 0, length);
    let loss = RNNTLossConfig::new()
        .with_blank(blank)
        .with_logits(logits)
        .init();
    let values = loss.forward(prediction, targets, logit_lengths, target_lengths);
    values.mask_fill(no_logits.bool_or(no_targets), f32::NAN)
}

/// Lengths, each as near to itself as the range allows, so that nothing beyond a tensor is read; and where they are
/// out of it. Nothing is read back from the device.
fn within(lengths: Tensor<1, Int>, least: i64, most: usize) -> (Tensor<1, Int>, Tensor<1, Bool>) {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    let near = lengths.clone().clamp(least, most);
    let out = near.clone().not_equal(lengths);
    (near, out)
}
