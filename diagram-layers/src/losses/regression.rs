//! Losses between tensors of numbers, element by element: `mse`, `huber`, `gaussian_nll`.

use diagram_core::{Call, Kind, Range, Takes, Wrong};

use super::loss::Loss;
use super::site::Site;
use super::typed::{Typed, Unit};
use crate::parameter::{Parameter, ParameterKind};

/// How a unit's elements are joined.
pub(super) const REDUCE: Parameter = Parameter::new(
    "reduce",
    ParameterKind::Word(&["mean", "sum"]),
    "the reduction of the elements of a unit, `mean` or `sum`",
)
.default("mean");

const FULL: Parameter = Parameter::new(
    "full",
    ParameterKind::Flag,
    "whether terms are added that no gradient sees",
)
.default("false");

const fn eps(default: &'static str, summary: &'static str) -> Parameter {
    Parameter::new("eps", ParameterKind::Float(Range::POSITIVE), summary).default(default)
}

const TWO: &str = "two Float `[..]` of one object";

pub(super) static LOSSES: [Loss; 8] = [
    Loss::new("mse", &[REDUCE], Unit::Element, pair)
        .in_one_object()
        .says(TWO, "(p − t)²"),
    Loss::new("l1", &[REDUCE], Unit::Element, pair)
        .in_one_object()
        .says(TWO, "\\|p − t\\|"),
    Loss::new("l2", &[REDUCE], Unit::Element, pair)
        .in_one_object()
        .says(TWO, "(p − t)², as `mse`"),
    Loss::new(
        "lp",
        &[
            Parameter::new("p", ParameterKind::Float(Range::at_least(1)), "the power")
                .positional()
                .required(),
            REDUCE,
        ],
        Unit::Element,
        pair,
    )
    .in_one_object()
    .says(TWO, "\\|p − t\\|ᵖ"),
    Loss::new(
        "huber",
        &[
            Parameter::new(
                "delta",
                ParameterKind::Float(Range::POSITIVE),
                "where large errors begin",
            )
            .positional()
            .required(),
            REDUCE,
        ],
        Unit::Element,
        pair,
    )
    .in_one_object()
    .says(
        TWO,
        "r² / 2 where r = \\|p − t\\| is at most delta, else delta · (r − delta / 2)",
    ),
    Loss::new(
        "smooth_l1",
        &[
            Parameter::new(
                "beta",
                ParameterKind::Float(Range::POSITIVE),
                "where large errors begin",
            )
            .default("1.0"),
            REDUCE,
        ],
        Unit::Element,
        pair,
    )
    .in_one_object()
    .says(TWO, "`huber` with delta = beta, divided by beta"),
    Loss::new(
        "poisson_nll",
        &[
            Parameter::new(
                "log_input",
                ParameterKind::Flag,
                "whether the prediction is the logarithm of the rate",
            )
            .default("true"),
            FULL,
            eps("1e-8", "the number added to a rate before its logarithm"),
            REDUCE,
        ],
        Unit::Element,
        counted,
    )
    .taking(&[Takes::NotNegative, Takes::NotNegative])
    .taking_by("log_input", &[Takes::Logarithms, Takes::NotNegative])
    .says(
        "Float `[..]`, Float or Int of its shape",
        "λ − t · log λ, with λ = exp(p), or p",
    ),
    Loss::new(
        "gaussian_nll",
        &[eps("1e-6", "the least variance"), FULL, REDUCE],
        Unit::Element,
        alike,
    )
    .of(&["mean", "target", "variance"])
    .taking(&[Takes::Anything, Takes::Anything, Takes::NotNegative])
    .says(
        "three Float `[..]` of one shape",
        "(log v + (m − t)² / v) / 2",
    ),
];

/// Two Float ends of one shape.
fn pair(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    alike(call, site)
}

/// Float ends of one shape, as many as the loss has.
fn alike(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.alike(&call.name)?;
    Ok(site.plain())
}

/// Two ends of one shape, of which the target counts something.
fn counted(call: &Call, site: &Site<'_>) -> Result<Typed, Wrong> {
    site.pair(&call.name)?;
    site.with_target(&call.name, &[Kind::Float, Kind::Int])?;
    Ok(site.plain())
}
