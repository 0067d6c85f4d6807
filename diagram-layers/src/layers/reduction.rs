//! What goes over one axis: `mean`, `sum`, `max`, `min`, `normalize`.

use diagram_core::{Call, Code, Dim, Fault, Flag, Kind, Product, Value, Wrong};

use super::layer::{Layer, ShapeRule};
use super::samples::off_the_first_axis;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 5] = [
    reduction("mean", mean)
        .keeping_numbers()
        .rule("Float; without the axis, or with `keep = true` of extent 1 there"),
    reduction("sum", reduce),
    reduction("max", reduce).keeping_numbers(),
    reduction("min", reduce).keeping_numbers(),
    Layer::new(
        "normalize",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "the axis along which the norm is 1, by itself the last",
        )
        .aliases(&["dim"])
        .positional()],
        normalize,
    )
    .keeping_shape()
    .sample_wise_where(off_the_first_axis)
    .rule("Float, kept: x / max(‖x‖₂, 10⁻¹²) along the axis"),
];

const REDUCTION: &[Parameter] = &[
    Parameter::new("axis", ParameterKind::Axis, "the axis that it goes over")
        .aliases(&["dim"])
        .positional()
        .required(),
    Parameter::new(
        "keep",
        ParameterKind::Switch,
        "whether the axis stays, of extent 1",
    )
    .default("false"),
];

const fn reduction(name: &'static str, shape: ShapeRule) -> Layer {
    Layer::new(name, REDUCTION, shape)
        .sample_wise_where(off_the_first_axis)
        .rule("Float or Int; without the axis, or with `keep = true` of extent 1 there")
}

/// A mean of integers would round.
fn mean(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    over_axis(call, site)
}

fn reduce(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    // error: `sum` takes Float or Int, but is given Bool[batch, 4] [D0304]
    if site.input.kind == Kind::Bool {
        let (layer, input) = (&call.name, site.input);
        let message = format!("`{layer}` takes Float or Int, but is given {input}");
        return Err(site.fault(Fault::new(Code::KindMismatch, message)));
    }
    over_axis(call, site)
}

/// Drops an axis, or makes its extent 1.
fn over_axis(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    let axis = call.required_axis("axis", site.input)?;
    let mut dims = site.input.dims.clone();
    if call.switch("keep") == Some(true) {
        dims.iter_mut()
            .skip(axis)
            .take(1)
            .for_each(|dim| *dim = Dim::Literal(1));
        return Ok(site.input.with_dims(dims).into());
    }
    // error: `mean` over the only axis of [batch] leaves none: a shape has at least one [D0305]
    if dims.len() < 2 {
        let message = format!(
            "`{layer}` over the only axis of {} leaves none: a shape has at least one",
            site.input
        );
        let kept = call.without("keep");
        let kept = kept.with("keep", Value::Flag(Flag::Literal(true)));
        let help = format!("`{kept}`");
        return Err(site.fault(Fault::new(Code::LayerRank, message).help(help)));
    }
    let kept = dims.into_iter().enumerate().filter(|(at, _)| *at != axis);
    let kept = kept.map(|(_, dim)| dim).collect();
    Ok(site.input.with_dims(kept).into())
}

/// Along an axis, the last by itself.
fn normalize(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    call.axis("axis", site.input).transpose()?;
    Ok(site.input.clone().into())
}
