//! Activations with settings, as Burn's modules: `leaky_relu`, `elu`, `prelu`, `softplus`.
//!
//! A module keeps its settings, so that they may be hyper-parameters.

use diagram_core::dim::Comparison;
use diagram_core::{Call, Code, Cost, Dim, Fault, Gives, Product, Range, Scalar, Where, Wrong};

use super::activation::{kept, pointwise};
use super::cost;
use super::layer::Layer;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 13] = [
    pointwise(
        "leaky_relu",
        &[float("negative_slope", Range::ANY, "the slope below 0").default("0.01")],
    )
    .giving(Gives::Real)
    .inside(),
    Layer {
        weights: Some(slopes),
        shape: prelu,
        gives: Gives::Real,
        ..pointwise(
            "prelu",
            &[
                Parameter::new(
                    "num_parameters",
                    ParameterKind::Size,
                    "the number of learned slopes: 1, or one per channel of axis 1",
                )
                .default("1"),
                float("alpha", Range::ANY, "the first value of the slopes").default("0.25"),
            ],
        )
    },
    Layer {
        shape: rrelu,
        random: true,
        gives: Gives::Real,
        ..pointwise(
            "rrelu",
            &[
                float(
                    "lower",
                    Range::ANY,
                    "the least slope below 0, random while training",
                )
                .default("0.125"),
                float("upper", Range::ANY, "the greatest slope below 0").default("1.0 / 3.0"),
            ],
        )
    },
    pointwise(
        "elu",
        &[float("alpha", Range::ANY, "minus its limit below 0").default("1.0")],
    )
    .giving(Gives::Real)
    .inside(),
    pointwise(
        "celu",
        &[float("alpha", Range::NOT_ZERO, "minus its limit below 0").default("1.0")],
    )
    .giving(Gives::Real)
    .inside(),
    Layer {
        shape: hardtanh,
        ..pointwise(
            "hardtanh",
            &[
                float("min_val", Range::ANY, "its least value").default("-1.0"),
                float("max_val", Range::ANY, "its greatest value").default("1.0"),
            ],
        )
    },
    pointwise(
        "hard_sigmoid",
        &[
            float("alpha", Range::ANY, "its slope").default("0.2"),
            float("beta", Range::ANY, "its value at 0").default("0.5"),
        ],
    )
    .giving(Gives::Fractions)
    .inside(),
    pointwise("hard_shrink", &[LAMBDA])
        .giving(Gives::Real)
        .inside(),
    pointwise("soft_shrink", &[LAMBDA])
        .giving(Gives::Real)
        .inside(),
    pointwise(
        "shrink",
        &[
            LAMBDA,
            float("bias", Range::ANY, "the number by which the rest shrinks").default("0.5"),
        ],
    )
    .inside(),
    pointwise(
        "softplus",
        &[
            float("beta", Range::NOT_ZERO, "the sharpness of its bend").default("1.0"),
            float("threshold", Range::ANY, "where it becomes the identity").default("20.0"),
        ],
    )
    .giving(Gives::NotNegative)
    .inside(),
    pointwise(
        "threshold",
        &[
            float(
                "threshold",
                Range::ANY,
                "the number that an element must exceed",
            )
            .positional()
            .required(),
            float("value", Range::ANY, "the value of the other elements")
                .positional()
                .required(),
        ],
    ),
    pointwise(
        "thresholded_relu",
        &[float(
            "alpha",
            Range::ANY,
            "the number that an element must exceed",
        )
        .default("1.0")],
    )
    .inside(),
];

const LAMBDA: Parameter = float(
    "lambda",
    Range::NOT_NEGATIVE,
    "up to where elements become 0",
)
.default("0.5");

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

/// Its slopes are parameters.
fn prelu(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    if let Some(count) = call.size("num_parameters") {
        one_or_channels(call, site, count)?;
    }
    Ok(site.input.clone().into())
}

fn slopes(call: &Call, _: &Site<'_>, _: &Product) -> Cost {
    let count = call.size("num_parameters").cloned();
    cost::numbers(count.unwrap_or(Dim::Literal(1)))
}

/// `prelu` has one slope, or one per channel.
fn one_or_channels(call: &Call, site: &Site<'_>, count: &Dim) -> Result<(), Wrong> {
    if site.compare(count, &Dim::Literal(1)) == Comparison::Equal {
        return Ok(());
    }
    let Some(channels) = site.input.dims.get(1) else {
        return Err(site.wrong_rank(&call.name, "[batch, channels, ..] with a slope a channel"));
    };
    let (given, wanted) = (count.quoted(), channels.quoted());
    let fault = match site.compare(count, channels) {
        Comparison::Equal => return Ok(()),
        // error: `num_parameters` of `prelu` must be 1 or its channels, 4, but is 3 [D0312]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "`num_parameters` of `prelu` must be 1 or its channels, {wanted}, but is {given}"
            );
            super::site::at(Fault::new(Code::ArgumentRange, message), &comparison)
        }
        // error: `num_parameters` of `prelu` is `a / b`, and is not known to be 1 or its channels, 4 [D0308]
        Comparison::Unknown => {
            let message = format!(
                "`num_parameters` of `prelu` is {given}, and is not known to be 1 or its channels, {wanted}"
            );
            Fault::new(Code::Undecided, message)
        }
    };
    Err((Where::argument("num_parameters"), fault))
}

fn rrelu(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    // Burn's defaults.
    let (lower, upper) = (
        literal(call, "lower", 0.125),
        literal(call, "upper", 1.0 / 3.0),
    );
    if let (Some(lower), Some(upper)) = (lower, upper)
        && lower >= upper
    {
        // error: `lower` of `rrelu` must be less than its `upper`, 0.3, but is 0.5 [D0312]
        let message =
            format!("`lower` of `rrelu` must be less than its `upper`, {upper}, but is {lower}");
        return Err((
            Where::argument("lower"),
            Fault::new(Code::ArgumentRange, message),
        ));
    }
    Ok(site.input.clone().into())
}

/// Burn panics where its limits are the wrong way round.
fn hardtanh(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let (min, max) = (
        literal(call, "min_val", -1.0),
        literal(call, "max_val", 1.0),
    );
    if let (Some(min), Some(max)) = (min, max)
        && min > max
    {
        // error: `min_val` of `hardtanh` must be at most its `max_val`, 1, but is 2 [D0312]
        let message =
            format!("`min_val` of `hardtanh` must be at most its `max_val`, {max}, but is {min}");
        return Err((
            Where::argument("min_val"),
            Fault::new(Code::ArgumentRange, message),
        ));
    }
    kept(call, site)
}

/// A number, if it is known here: Burn's where it is left out.
fn literal(call: &Call, name: &str, default: f64) -> Option<f64> {
    match call.float(name) {
        None => Some(default),
        Some(scalar) => Scalar::number(scalar),
    }
}
