//! The losses and metrics that cells are measured by.
//!
//! Each takes one tensor per end, by value, the prediction first, and gives its *values*: one per element, one per
//! *unit*, or one for the whole batch, of shape `[1]`. A cell is the mean of the values:
//! `mse(prediction, target).mean()`, or [`mean_where`] with a mask. The page `losses.md` lists the ends of each.
//!
//! All are safe for large logits and at equal ends: values and gradients are finite there.

mod batch;
mod binary;
mod classification;
mod divergence;
mod regression;
mod scalar;
mod sequence;
mod similarity;
mod units;

pub use batch::{barlow_twins, covariance, info_nce, variance};
pub use binary::{binary_cross_entropy, hinge_embedding, margin_ranking, soft_margin};
pub use classification::{
    CrossEntropy, accuracy, accuracy_along, class_counts, cross_entropy, cross_entropy_along,
    cross_entropy_by, known_classes, multi_margin, top_k,
};
pub use divergence::{kl, kl_normal, soft_cross_entropy};
pub use regression::{Numbers, gaussian_nll, huber, l1, l2, lp, mse, poisson_nll, smooth_l1};
pub use scalar::Scalar;
pub use sequence::{ctc, rnnt};
pub use similarity::{cosine, cosine_embedding, triplet, triplet_margin};
pub use units::{itself, mean_by, mean_where, only, sum_within, weighted};

#[cfg(test)]
mod tests;
