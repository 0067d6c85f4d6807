//! Losses of a whole batch of vectors, which is one unit.

use diagram_core::{Call, Range, Wrong};

use super::loss::Loss;
use super::site::Site;
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

const TWO: &str = "two Float `[batch, n]` of one object";
const ONE: &str = "Float `[batch, n]`";

pub(super) static LOSSES: [Loss; 4] = [
    Loss::new(
        "info_nce",
        &[
            Parameter::new(
                "temperature",
                ParameterKind::Float(Range::POSITIVE),
                "the divisor of the cosines",
            )
            .default("0.07"),
            Parameter::new(
                "inside",
                ParameterKind::Flag,
                "whether a vector is told from the others of its own side too",
            )
            .default("false"),
        ],
        Unit::Batch,
        pairs,
    )
    .in_one_object()
    .says(
        TWO,
        "the cross-entropy of each vector's partner, by cosines as logits, the mean of both directions",
    ),
    Loss::new(
        "barlow_twins",
        &[Parameter::new(
            "lambda",
            ParameterKind::Float(Range::NOT_NEGATIVE),
            "the weight of correlations of different entries",
        )
        .default("0.005")],
        Unit::Batch,
        pairs,
    )
    .in_one_object()
    .says(
        TWO,
        "Σᵢ (1 − Cᵢᵢ)² + lambda · Σᵢ≠ⱼ Cᵢⱼ², with the correlations C between entries over the batch",
    ),
    Loss::new("variance", &[], Unit::Batch, alone)
        .of(&["vectors"])
        .says(ONE, "the mean of max(0, 1 − √(variance + 1e-4)) over the entries"),
    Loss::new("covariance", &[], Unit::Batch, alone)
        .of(&["vectors"])
        .says(ONE, "the squared covariances of different entries, added up, divided by n"),
];

fn pairs(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    alone(call, site)
}

fn alone(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.batches(&call.name)?;
    Ok(site.plain())
}
