//! Shape operations that keep every element: `flatten`, `squeeze`, `unsqueeze`, `permute`, `identity`.

use diagram_core::dim::{Comparison, Facts, Op, normal::simplify};
use diagram_core::{Call, Code, Dim, Fault, Product, Shape, Where, Wrong};

use super::layer::Layer;
use super::site::{Site, at};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 5] = [
    Layer::new("flatten", &[], flatten)
        .rule("any kind of rank 2 or more: `[b, ..]` to `[b, product of the rest]`")
        .sample_wise()
        .keeping_numbers(),
    Layer::new(
        "squeeze",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "the axis of extent 1 that is dropped, by itself all of them",
        )
        .aliases(&["dim"])
        .positional()],
        squeeze,
    )
    .rule("any kind: without the axis")
    .sample_wise()
    .keeping_numbers(),
    Layer::new(
        "unsqueeze",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "where an axis of extent 1 is added",
        )
        .aliases(&["dim"])
        .positional()
        .required()],
        unsqueeze,
    )
    .rule("any kind: with an axis of extent 1 at that place")
    .sample_wise()
    .keeping_numbers(),
    Layer::new(
        "permute",
        &[Parameter::new("axes", ParameterKind::Axes, "the axes in their new order").positional()],
        permute,
    )
    .rule("any kind: the axes in that order")
    .sample_wise_where(|call, site, _| {
        let axes = call.axes(site.input);
        axes.is_ok_and(|axes| axes.first() == Some(&0))
    })
    .keeping_numbers(),
    Layer::new("identity", &[], |_, site| Ok(site.input.clone().into()))
        .keeping_shape()
        .rule("any kind, kept")
        .inside()
        .sample_wise()
        .keeping_numbers(),
];

/// `[batch, …]` to `[batch, product of the rest]`, of any kind.
fn flatten(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let [batch, first, rest @ ..] = &site.input.dims[..] else {
        return Err(site.wrong_rank(&call.name, "[batch, .., ..] of rank 2 or more"));
    };
    let product = rest.iter().fold(first.clone(), |product, dim| {
        Dim::binary(Op::Mul, product, dim.clone())
    });
    let dims = vec![batch.clone(), simplify(&product)];
    Ok(site.input.with_dims(dims).into())
}

/// Drops an axis of extent 1, or all that are known to be such.
fn squeeze(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let dims = &site.input.dims;
    let dropped = squeezed(call, site.input, site.facts)?;
    for (axis, dim) in dims.iter().enumerate() {
        if dropped.contains(&axis) {
            is_one(site, axis, dim)?;
        }
    }
    // error: `squeeze` drops axes of extent 1, but [batch, 4] has none [D0305]
    if dropped.is_empty() {
        let message = format!(
            "`squeeze` drops axes of extent 1, but {} has none",
            site.input
        );
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    // error: `squeeze` would leave no axis of [1] [D0305]
    if dropped.len() == dims.len() {
        let message = format!("`squeeze` would leave no axis of {}", site.input);
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    let kept = dims
        .iter()
        .enumerate()
        .filter(|(axis, _)| !dropped.contains(axis));
    let kept = kept.map(|(_, dim)| dim.clone()).collect();
    Ok(site.input.with_dims(kept).into())
}

/// The axes that `squeeze` drops: the one that is given, or all that are known to be of extent 1.
///
/// # Errors
///
/// What is given is no axis of the shape.
pub fn squeezed(call: &Call, shape: &Shape, facts: &Facts) -> Result<Vec<usize>, Wrong> {
    if let Some(axis) = call.axis("axis", shape) {
        return Ok(vec![axis?]);
    }
    let is_one = |dim: &Dim| facts.compare(dim, &Dim::Literal(1)) == Comparison::Equal;
    let ones = shape.dims.iter().enumerate().filter(|(_, dim)| is_one(dim));
    Ok(ones.map(|(axis, _)| axis).collect())
}

fn is_one(site: &Site<'_>, axis: usize, dim: &Dim) -> Result<(), Wrong> {
    let comparison = site.compare(dim, &Dim::Literal(1));
    if comparison == Comparison::Equal {
        return Ok(());
    }
    // error: `squeeze` drops axes of extent 1, but axis 1 of [batch, 4] is 4 [D0301]
    let message = format!(
        "`squeeze` drops axes of extent 1, but axis {axis} of {} is {}",
        site.input,
        dim.quoted()
    );
    let fault = at(Fault::new(Code::AxisMismatch, message), &comparison);
    Err((Where::argument("axis"), fault))
}

/// Adds an axis of extent 1.
fn unsqueeze(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axis = call.new_axis("axis", site.input)?;
    let (before, after) = site.input.dims.split_at_checked(axis).unwrap_or_default();
    let one = [Dim::Literal(1)];
    let dims = before.iter().chain(&one).chain(after).cloned().collect();
    Ok(site.input.with_dims(dims).into())
}

/// The axes in another order.
fn permute(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axes = call.axes(site.input)?;
    let (names, rank) = (axes.len(), site.input.rank());
    for (position, axis) in axes.iter().enumerate() {
        // error: `permute[0, 1, 1]` names axis 1 twice [D0315]
        if axes.iter().take(position).any(|before| before == axis) {
            let message = format!("`{}` names axis {axis} twice", site.text);
            let again = Where::Item("axes".to_owned(), position);
            return Err((again, Fault::new(Code::RepeatedArgument, message)));
        }
    }
    // error: `permute[1, 0]` names 2 axes, but is given [batch, 4, 8] of rank 3 [D0305]
    if names != rank {
        let message = format!(
            "`{}` names {names} ax{}, but is given {} of rank {rank}",
            site.text,
            if names == 1 { "is" } else { "es" },
            site.input
        );
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    let dims = axes.iter().filter_map(|axis| site.input.dims.get(*axis));
    Ok(site.input.with_dims(dims.cloned().collect()).into())
}
