//! Losses between distributions: `kl`, `soft_cross_entropy`, `kl_normal`.

use diagram_core::{Call, Kind, Range, Takes, Wrong};

use super::binary;
use super::classification::{AXIS, SMOOTHING, without};
use super::loss::Loss;
use super::site::Site;
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LOSSES: [Loss; 3] = [
    Loss::new(
        "kl",
        &[Parameter::new(
            "temperature",
            ParameterKind::Float(Range::POSITIVE),
            "the divisor of both sides' logits",
        )
        .default("1.0")],
        Unit::Index,
        kl,
    )
    .in_one_object()
    .taking(&[Takes::Logits, Takes::Logits])
    .says(
        "logits `[.., classes]`, two of one object",
        "T² · KL(softmax(t / T) ‖ softmax(p / T))",
    ),
    Loss::new(
        "soft_cross_entropy",
        &[
            AXIS,
            SMOOTHING,
            Parameter::new(
                "weights",
                ParameterKind::Numbers(Range::POSITIVE),
                "the factor of each class",
            ),
        ],
        Unit::Index,
        soft_cross_entropy,
    )
    .taking(&[Takes::Logits, Takes::Probabilities])
    .says(
        "logits `[.., classes]`, probabilities of its shape",
        "−Σ t · log softmax(logits) over the classes",
    ),
    Loss::new("kl_normal", &[], Unit::Index, kl_normal)
        .of(&["mean", "log_variance"])
        .taking(&[Takes::Anything, Takes::Logarithms])
        .says(
            "two Float `[.., n]` of one shape, of which the second is log σ²",
            "Σ (exp(s) + m² − 1 − s) / 2 over the last axis",
        ),
];

/// T² · KL(softmax(target / T) ‖ softmax(prediction / T)), the classes on the last axis.
fn kl(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    kl_normal(call, site)
}

/// −Σ target · log softmax(logits) over the classes, which may lie on another axis than the last.
fn soft_cross_entropy(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let loss = &call.name;
    let (logits, target) = site.pair(loss)?;
    // error: `soft_cross_entropy` takes two Float ends of one shape, but `Label` is Int[batch] [D0403]
    site.alike(loss).map_err(|(at, fault)| {
        let indices = logits.shape.kind == Kind::Float && target.shape.kind == Kind::Int;
        let help = indices.then(|| "compare with class indices: `by cross_entropy`".to_owned());
        (at, fault.maybe_help(help))
    })?;
    let axis = match call.axis("axis", &logits.shape) {
        Some(axis) => axis?,
        None => logits.shape.rank().saturating_sub(1),
    };
    binary::as_many_weights(call, site, logits.shape.dims.get(axis))?;
    let units = without(&logits.shape, axis).dims;
    Ok(Typed {
        units,
        ..site.plain()
    })
}

fn kl_normal(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.alike(&call.name)?;
    Ok(site.plain())
}
