//! Regularisation: `dropout`, `gaussian_noise`.

use diagram_core::{Call, Product, Range, Wrong};

use super::layer::Layer;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "dropout",
        &[Parameter::new(
            "prob",
            ParameterKind::Float(Range::PROBABILITY),
            "the probability that an element becomes 0",
        )
        .positional()
        .required()],
        kept,
    )
    .keeping_shape()
    .sample_wise()
    .drawing_by("prob")
    .keeping_numbers()
    .rule("Float, kept; acts while training"),
    Layer::new(
        "gaussian_noise",
        &[Parameter::new(
            "std",
            ParameterKind::Float(Range::NOT_NEGATIVE),
            "the standard deviation of the noise",
        )
        .positional()
        .required()],
        kept,
    )
    .keeping_shape()
    .sample_wise()
    .drawing()
    .rule("Float, kept; acts while training"),
];

fn kept(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    Ok(site.input.clone().into())
}
