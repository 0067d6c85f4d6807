//! Losses of yes and no: `binary_cross_entropy`, and those whose targets are 1 and −1.

use diagram_core::{Call, Code, Dim, Fault, Kind, Range, Shape, Takes, Where, Wrong};

use super::loss::Loss;
use super::regression::REDUCE;
use super::site::{Site, left_to_rustc};
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

const fn margin(default: &'static str, summary: &'static str) -> Parameter {
    Parameter::new("margin", ParameterKind::Float(Range::NOT_NEGATIVE), summary).default(default)
}

const SIGNED: &str = "Float `[..]`, Float or Int of its shape, 1 or −1";

pub(super) static LOSSES: [Loss; 4] = [
    Loss::new(
        "binary_cross_entropy",
        &[
            Parameter::new(
                "logits",
                ParameterKind::Flag,
                "whether predictions are logits, and not probabilities",
            )
            .default("false"),
            Parameter::new(
                "smoothing",
                ParameterKind::Float(Range::PROBABILITY),
                "the share of a target that is spread over all classes",
            )
            .default("0.0"),
            Parameter::new(
                "weights",
                ParameterKind::Numbers(Range::POSITIVE),
                "the weight of each class on the last axis",
            ),
            REDUCE,
        ],
        Unit::Element,
        yes_or_no,
    )
    .taking(&[Takes::Fractions, Takes::Fractions])
    .taking_by("logits", &[Takes::BinaryLogits, Takes::Fractions])
    .says(
        "Float `[..]`, a target of its shape and of any kind, from 0 to 1",
        "−t · log p − (1 − t) · log(1 − p)",
    ),
    Loss::new(
        "hinge_embedding",
        &[
            margin("1.0", "the least distance that costs nothing"),
            REDUCE,
        ],
        Unit::Element,
        pair,
    )
    .says(SIGNED, "x where t = 1, else max(0, margin − x)"),
    Loss::new("soft_margin", &[REDUCE], Unit::Element, pair)
        .taking(&[Takes::BinaryLogits])
        .says(SIGNED, "log(1 + exp(−t · p))"),
    Loss::new(
        "margin_ranking",
        &[margin("0.0", "the least lead of the greater"), REDUCE],
        Unit::Element,
        signed,
    )
    .of(&["first", "second", "target"])
    .says(
        "two Float `[..]`, and Float or Int of their shape, 1 or −1",
        "max(0, margin − t · (x − y))",
    ),
];

fn yes_or_no(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    let loss = &call.name;
    let (prediction, _) = site.pair(loss)?;
    site.with_target(loss, &[Kind::Float, Kind::Int, Kind::Bool])?;
    as_many_weights(call, site, prediction.shape.dims.last())?;
    Ok(site.plain())
}

/// A weight for each class, where weights are given.
pub(super) fn as_many_weights(
    call: &Call,
    site: &Site<'_>,
    classes: Option<&Dim>,
) -> Result<(), Wrong> {
    let (Some(weights), Some(classes)) = (call.numbers("weights"), classes) else {
        return Ok(());
    };
    let count = Dim::Literal(weights.len() as u64);
    let one = |dim: &Dim| Shape::float(vec![dim.clone()]);
    let difference = one(classes).difference(&one(&count), site.facts);
    if difference.is_none() {
        return Ok(());
    }
    // error: `weights` of `cross_entropy` are 3 numbers, but there are 10 classes [D0312]
    let message = format!(
        "`weights` of `{}` are {} numbers, but there are {} classes",
        &call.name,
        weights.len(),
        classes.quoted()
    );
    let fault = Fault::new(Code::ArgumentRange, message);
    let fault = left_to_rustc(fault, difference.as_ref());
    Err((Where::argument("weights"), fault))
}

/// A prediction and its sign.
fn pair(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    signed(call, site)
}

/// Float ends of one shape, and the sign of each element.
fn signed(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.with_target(&call.name, &[Kind::Float, Kind::Int])?;
    Ok(site.plain())
}
