//! Layers that mix all of the last axis: `linear`, `swiglu`.

use diagram_core::cost::product;
use diagram_core::{Call, Cost, Dim, Gives, Product, Wrong};

use super::cost;
use super::layer::Layer;
use super::samples::with_further_axes;
use super::site::Site;
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    mixing::<false>("linear", const { &parameters("true") }),
    // The product of a linear layer and the SiLU of another.
    mixing::<true>("swiglu", const { &parameters("false") }),
];

const fn parameters(bias: &'static str) -> [Parameter; 4] {
    [
        Parameter::new("d_output", ParameterKind::Size, "the width after it").positional(),
        Parameter::new("bias", ParameterKind::Flag, "whether a bias is added").default(bias),
        initializer::PARAMETER,
        Parameter::new(
            "layout",
            ParameterKind::Word(&["row", "col"]),
            "the layout of weights in memory: `row` or `col`",
        )
        .default("row"),
    ]
}

/// A layer of one matrix, or a gated one of two, which has no bias by itself.
const fn mixing<const GATED: bool>(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer::new(name, parameters, mixed::<GATED>)
        .with_matrix(cost::<GATED>)
        .sample_wise_where(with_further_axes)
        .giving(Gives::Real)
        .rule("Float `[.., n]` to `[.., d_output]`, at any rank")
}

/// A matrix and a bias, of which a gated layer has two each.
fn cost<const GATED: bool>(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    let (Some((from, leading)), Some(to)) =
        (site.input.dims.split_last(), cost::first(output).last())
    else {
        return Cost::UNKNOWN;
    };
    let bias = cost::is_on(call, "bias", !GATED);
    let one = cost::linear(&product(leading), from, to, bias);
    if GATED {
        one.copied(&Dim::Literal(2))
    } else {
        one
    }
}

/// `[…, d_input]` to `[…, d_output]`, at any rank.
fn mixed<const GATED: bool>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    site.takes_float(layer)?;
    let Some((width, leading)) = site.input.dims.split_last() else {
        return Err(site.wrong_rank(layer, "[.., width]"));
    };
    site.sizes_parameter(layer, "input width", width)?;
    let output: Dim = match call.size("d_output") {
        Some(output) => output.clone(),
        None => site.inferred(call, ("d_output", "output width"), leading.len())?,
    };
    initializer::suits(call, site, !GATED)?;
    let dims = leading.iter().cloned().chain([output]).collect();
    Ok(site.input.with_dims(dims).into())
}
