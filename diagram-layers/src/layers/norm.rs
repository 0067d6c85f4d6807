//! Normalisations: `batch_norm`, `layer_norm`, `group_norm`, `instance_norm`, `rms_norm`,
//! `local_response_norm`.

use diagram_core::cost::product;
use diagram_core::{Call, Cost, Dim, Gives, Product, Range, Wrong};

use super::cost;
use super::layer::{CostOf, Layer, ShapeRule};
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
                "the share of each batch in the running statistics",
            )
            .default("0.1"),
        ],
        batch_norm,
        scaled_channels,
    )
    .rule("Float `[b, channels, ..]`, kept; by running statistics outside of training"),
    norm(
        "layer_norm",
        &[
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            Parameter::new("bias", ParameterKind::Flag, "whether a bias is added").default("true"),
        ],
        layer_norm,
        scaled_and_shifted_width,
    )
    .sample_wise_where(with_further_axes)
    .rule("Float `[.., width]`, kept"),
    norm(
        "group_norm",
        &[
            Parameter::new(
                "num_groups",
                ParameterKind::Size,
                "the number of parts into which the channels fall",
            )
            .aliases(&["groups"])
            .positional()
            .required(),
            float("epsilon", Range::NOT_NEGATIVE, EPSILON).default("1e-5"),
            AFFINE,
        ],
        group_norm,
        scaled_channels,
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
        scaled_channels,
    )
    .sample_wise()
    .rule("Float `[b, channels, .., ..]`, kept"),
    norm(
        "rms_norm",
        &[float("epsilon", Range::POSITIVE, EPSILON).default("1e-5")],
        layer_norm,
        scaled_width,
    )
    .sample_wise_where(with_further_axes)
    .rule("Float `[.., width]`, kept"),
    Layer::new(
        "local_response_norm",
        &[
            Parameter::new(
                "size",
                ParameterKind::Size,
                "the number of channels of a window",
            )
            .positional()
            .required(),
            float("alpha", Range::ANY, "the factor of the mean square").default("1e-4"),
            float("beta", Range::ANY, "the exponent").default("0.75"),
            float("k", Range::ANY, "the number added to the mean square").default("1.0"),
        ],
        local_response_norm,
    )
    .keeping_shape()
    .sample_wise()
    .rule("Float `[b, channels, .., ..]`, kept"),
];

const EPSILON: &str = "the number added to the variance";
const AFFINE: Parameter = Parameter::new(
    "affine",
    ParameterKind::Flag,
    "whether each channel has a learned scale and bias",
)
.default("true");

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

const fn norm(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: ShapeRule,
    cost: CostOf,
) -> Layer {
    Layer::new(name, parameters, shape)
        .keeping_shape()
        .with_weights(cost)
        .giving(Gives::Real)
}

/// A scale and a shift for each channel, if it has them.
fn scaled_channels(call: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let Some(channels) = site.input.dims.get(1) else {
        return Cost::UNKNOWN;
    };
    let affine = cost::is_on(call, AFFINE.name, true);
    cost::numbers_if(affine, &product([&Dim::Literal(2), channels]))
}

/// A scale for each entry of the last axis.
fn scaled_width(_: &Call, site: &Site<'_>, _: &Product) -> Cost {
    let width = site.input.dims.last();
    width.map_or(Cost::UNKNOWN, |width| cost::numbers(width.clone()))
}

/// The same, and a shift where it has a bias.
fn scaled_and_shifted_width(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    let Some(width) = site.input.dims.last() else {
        return Cost::UNKNOWN;
    };
    let shifts = cost::numbers_if(cost::is_on(call, "bias", true), width);
    scaled_width(call, site, output).and(shifts)
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
