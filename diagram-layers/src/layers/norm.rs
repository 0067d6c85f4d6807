//! Normalisations: `batch_norm`, `layer_norm`, `group_norm`, `instance_norm`, `rms_norm`,
//! `local_response_norm`.

use diagram_core::cost::product;
use diagram_core::{Call, Cost, Dim, Gives, Product, Range, Wrong};

use super::cost;
use super::layer::{Layer, ShapeRule};
use super::samples::with_further_axes;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 6] = [
    norm(
        "batch_norm",
        &[
            float("epsilon", Range::POSITIVE, EPSILON).default("1e-5"),
            float(
                "momentum",
                Range::at_least(0).at_most(1),
                "how far running statistics move with a batch",
            )
            .default("0.1"),
        ],
        batch_norm,
    )
    .rule("Float `[b, channels, ..]`, kept; by running statistics outside of training"),
    norm(
        "layer_norm",
        &[
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            Parameter::new("bias", ParameterKind::Flag, "whether a bias is added").default("true"),
        ],
        layer_norm,
    )
    .sample_wise_where(with_further_axes)
    .rule("Float `[.., width]`, kept"),
    norm(
        "group_norm",
        &[
            Parameter::new(
                "num_groups",
                ParameterKind::Size,
                "how many parts the channels fall into",
            )
            .aliases(&["groups"])
            .positional()
            .required(),
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            AFFINE,
        ],
        group_norm,
    )
    .sample_wise()
    .rule("Float `[b, channels, ..]`, kept; the groups divide the channels"),
    norm(
        "instance_norm",
        &[
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            AFFINE,
        ],
        instance_norm,
    )
    .sample_wise()
    .rule("Float `[b, channels, .., ..]`, kept"),
    norm(
        "rms_norm",
        &[float("epsilon", Range::POSITIVE, EPSILON).default("1e-5")],
        layer_norm,
    )
    .sample_wise_where(with_further_axes)
    .rule("Float `[.., width]`, kept"),
    Layer {
        weights: None,
        gives: Gives::Unknown,
        rule: "Float `[b, channels, .., ..]`, kept",
        ..norm(
            "local_response_norm",
            &[
                Parameter::new(
                    "size",
                    ParameterKind::Size,
                    "how many channels a window has",
                )
                .positional()
                .required(),
                float("alpha", Range::ANY, "the factor of the mean square").default("1e-4"),
                float("beta", Range::ANY, "the exponent").default("0.75"),
                float("k", Range::ANY, "what is added to the mean square").default("1.0"),
            ],
            local_response_norm,
        )
    }
    .sample_wise(),
];

const EPSILON: &str = "what is added to the variance";
const AFFINE: Parameter = Parameter::new(
    "affine",
    ParameterKind::Flag,
    "whether each channel has a learned scale and bias",
)
.default("true");

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn norm(name: &'static str, parameters: &'static [Parameter], shape: ShapeRule) -> Layer {
    Layer::new(name, parameters, shape)
        .keeping_shape()
        .with_weights(cost)
        .giving(Gives::Real)
}

/// A scale each, and a shift where there is one.
fn cost(call: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let dims = &site.input.dims;
    let (Some(channels), Some(width)) = (dims.get(1).or(dims.last()), dims.last()) else {
        return Cost::UNKNOWN;
    };
    let shifted = cost::is_on(call, "bias", true);
    let affine = cost::is_on(call, "affine", true);
    let twice = product([&Dim::Literal(2), channels]);
    match call.name.as_str() {
        "layer_norm" => cost::numbers(width.clone()).and(cost::numbers_if(shifted, width)),
        "rms_norm" => cost::numbers(width.clone()),
        _ => cost::numbers_if(affine, &twice),
    }
}

/// Over all but the channels of `[batch, channels, …]`; running statistics outside of training.
fn batch_norm(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    over_channels(call, site, 2, "[batch, channels, ..]")?;
    Ok(site.input.clone().into())
}

/// Over the last axis.
fn layer_norm(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    match site.input.dims.last() {
        Some(width) => site.sizes_parameter(&call.name, "width", width)?,
        None => return Err(site.wrong_rank(&call.name, "[.., width]")),
    }
    Ok(site.input.clone().into())
}

/// Over parts of the channels of one sample.
fn group_norm(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let channels = over_channels(call, site, 2, "[batch, channels, ..]")?;
    site.divides(call, "num_groups", "channels", channels)?;
    Ok(site.input.clone().into())
}

/// Over each channel of one sample. At rank 2 every value would be its own mean, and nothing of the
/// input would be left.
fn instance_norm(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    over_channels(call, site, 3, RANK_3)?;
    Ok(site.input.clone().into())
}

/// By neighbouring channels; it has no weights.
fn local_response_norm(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    if site.input.rank() < 3 {
        return Err(site.wrong_rank(&call.name, RANK_3));
    }
    Ok(site.input.clone().into())
}

const RANK_3: &str = "[batch, channels, .., ..] of rank 3 or more";

/// The channels of an input of at least this rank.
fn over_channels<'s>(
    call: &Call,
    site: &Site<'s>,
    rank: usize,
    form: &str,
) -> Result<&'s Dim, Wrong> {
    site.takes_float(&call.name)?;
    match site.input.dims.get(1) {
        Some(channels) if site.input.rank() >= rank => {
            site.sizes_parameter(&call.name, "channels", channels)?;
            Ok(channels)
        }
        _ => Err(site.wrong_rank(&call.name, form)),
    }
}
