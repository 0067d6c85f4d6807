//! How near two batches of vectors are: `cosine_similarity`, `pairwise_distance`.

use diagram_core::{Call, Gives, Product, Range, Shape, Wrong};

use super::join;
use super::layer::Layer;
use super::samples::off_the_first_axis;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "cosine_similarity",
        &[
            Parameter::new("axis", ParameterKind::Axis, "the axis of the vectors")
                .aliases(&["dim"])
                .positional()
                .default("1"),
            float("eps", Range::NOT_NEGATIVE, "the least norm").default("1e-8"),
        ],
        cosine_similarity,
    )
    .sample_wise_where(off_the_first_axis)
    .giving(Gives::Signed)
    .of_several()
    .rule("Float `[b, width]` * `[b, width]` to `[b]`"),
    Layer::new(
        "pairwise_distance",
        &[
            float("p", Range::POSITIVE, "the exponent of the norm").default("2.0"),
            float("eps", Range::ANY, "the number added to every difference").default("1e-6"),
        ],
        pairwise_distance,
    )
    .sample_wise()
    .giving(Gives::NotNegative)
    .of_several()
    .rule("Float `[b, width]` * `[b, width]` to `[b]`"),
];

const fn float(name: &'static str, range: Range, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Float(range), summary)
}

/// x · y / (‖x‖ ‖y‖) along an axis.
fn cosine_similarity(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    two_matrices(&call.name, site)?;
    let axis = call.axis("axis", site.input).unwrap_or(Ok(1))?;
    Ok(without(site, axis).into())
}

/// ‖x − y + eps‖ₚ along the last axis.
fn pairwise_distance(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    two_matrices(&call.name, site)?;
    Ok(without(site, 1).into())
}

fn without(site: &Site<'_>, axis: usize) -> Shape {
    let dims = site.input.dims.iter().enumerate();
    let kept = dims.filter(|(at, _)| *at != axis);
    site.input
        .with_dims(kept.map(|(_, dim)| dim.clone()).collect())
}

fn two_matrices(layer: &str, site: &Site<'_>) -> Result<(), Wrong> {
    join::alike(layer, site, None)?;
    // error: `cosine_similarity` takes two tensors, but is given 3: [batch, 4] * [batch, 4] * [batch, 4]
    // [D0318]
    if site.inputs.len() != 2 {
        return Err(site.wrong_factors(layer, "two tensors"));
    }
    site.takes_float(layer)?;
    if site.input.rank() != 2 {
        return Err(site.wrong_rank(layer, "[batch, width] twice"));
    }
    Ok(())
}
