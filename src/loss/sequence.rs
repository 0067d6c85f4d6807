//! Losses of sequences without an alignment in the data: one value per sequence.

use burn::nn::loss::{CTCLossConfig, RNNTLossConfig};
use burn::tensor::{Int, Tensor};

/// Connectionist temporal classification: −log of the probability of all alignments of the target, divided
/// by the target's length, as the mean of Burn and `PyTorch` is (Graves et al. 2006). With `zero_infinity`, a
/// target without an alignment has the value 0.
///
/// # Shapes
///
/// Logarithms of probabilities `[time, batch, classes]`, Int targets `[batch, length]`, and the lengths of
/// both, Int `[batch]`. The values are `[batch]`.
///
/// # Panics
///
/// As Burn's `CTCLoss`: on lengths that are longer than their sequences.
#[must_use]
pub fn ctc(
    log_probs: Tensor<3>,
    targets: Tensor<2, Int>,
    input_lengths: Tensor<1, Int>,
    target_lengths: Tensor<1, Int>,
    blank: usize,
    zero_infinity: bool,
) -> Tensor<1> {
    let lengths = target_lengths.clone().float().clamp_min(1.0);
    let loss = CTCLossConfig::new()
        .with_blank(blank)
        .with_zero_infinity(zero_infinity)
        .init();
    loss.forward(log_probs, targets, input_lengths, target_lengths) / lengths
}

/// The loss of transducers: −log of the probability of all alignments of the target (Graves 2012,
/// [arXiv 1211.3711](https://arxiv.org/abs/1211.3711)).
///
/// # Shapes
///
/// Logits `[batch, time, length + 1, classes]`, Int targets `[batch, length]`, and the lengths of both, Int
/// `[batch]`. The values are `[batch]`.
///
/// # Panics
///
/// As Burn's `RNNTLoss`: on lengths that are longer than their sequences.
#[must_use]
pub fn rnnt(
    prediction: Tensor<4>,
    targets: Tensor<2, Int>,
    logit_lengths: Tensor<1, Int>,
    target_lengths: Tensor<1, Int>,
    blank: usize,
    logits: bool,
) -> Tensor<1> {
    let loss = RNNTLossConfig::new()
        .with_blank(blank)
        .with_logits(logits)
        .init();
    loss.forward(prediction, targets, logit_lengths, target_lengths)
}
