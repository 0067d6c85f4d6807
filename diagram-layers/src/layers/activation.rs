//! Activations that are functions of Burn's `tensor::activation`: `relu`, `gelu`, `softmax`, `glu`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Gives, Product, Where, Wrong};

use super::layer::Layer;
use super::samples::off_the_first_axis;
use super::site::Site;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 17] = [
    pointwise("relu", &[]).giving(Gives::NotNegative).inside(),
    pointwise("relu6", &[]).giving(Gives::NotNegative),
    pointwise(
        "gelu",
        &[Parameter::new("approximate", ParameterKind::Flag, "whether by tanh").default("false")],
    )
    .giving(Gives::Real)
    .inside(),
    pointwise("tanh", &[]).giving(Gives::Signed).inside(),
    pointwise("sigmoid", &[]).giving(Gives::Fractions).inside(),
    pointwise("log_sigmoid", &[]).giving(Gives::NotPositive),
    pointwise("selu", &[]).giving(Gives::Real).inside(),
    pointwise("silu", &[]).giving(Gives::Real),
    pointwise("mish", &[]).giving(Gives::Real),
    pointwise("hard_swish", &[]).giving(Gives::Real).inside(),
    pointwise("softsign", &[]).giving(Gives::Signed).inside(),
    pointwise("tanhshrink", &[]).giving(Gives::Real),
    along("softmax", &[axis("the axis that sums to 1")]).giving(Gives::Probabilities),
    along(
        "log_softmax",
        &[axis("the axis whose exponentials sum to 1")],
    )
    .giving(Gives::LogProbabilities),
    along("softmin", &[axis("the axis that sums to 1")]).giving(Gives::Probabilities),
    along("quiet_softmax", &[axis("the axis that sums to at most 1")]).giving(Gives::Fractions),
    Layer {
        keeps_shape: false,
        rule: "Float; the axis, whose extent is even, is halved",
        shape: glu,
        gives: Gives::Real,
        ..pointwise("glu", &[axis("the axis that is halved")])
    }
    .sample_wise_where(off_the_first_axis),
];

const fn axis(summary: &'static str) -> Parameter {
    Parameter::new("axis", ParameterKind::Axis, summary)
        .aliases(&["dim"])
        .positional()
        .required()
}

const fn along(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer {
        shape: normalised,
        ..pointwise(name, parameters)
    }
    .sample_wise_where(off_the_first_axis)
}

/// A row of a layer that acts on every element.
pub(super) const fn pointwise(name: &'static str, parameters: &'static [Parameter]) -> Layer {
    Layer::new(name, parameters, kept)
        .keeping_shape()
        .sample_wise()
        .rule("Float, kept")
}

/// The rule of such a layer.
pub(super) fn kept(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    Ok(site.input.clone().into())
}

/// Along an axis.
fn normalised(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    // error: `softmax` needs `axis`, the axis that sums to 1 [D0310]
    call.required_axis("axis", site.input)?;
    Ok(site.input.clone().into())
}

/// One half of an axis times the sigmoid of the other.
fn glu(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    site.takes_float(&call.name)?;
    let axis = call.required_axis("axis", site.input)?;
    let mut output = site.input.clone();
    if let Some(extent) = output.dims.get_mut(axis) {
        let halves = |op| Dim::binary(op, extent.clone(), Dim::Literal(2));
        let shown = extent.quoted();
        let fault = match site.compare(&halves(Op::Rem), &Dim::Literal(0)) {
            Comparison::Equal => None,
            // error: `glu` halves axis 1 of [batch, 7], but 7 is odd [D0309]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let odd = super::site::odd(&comparison);
                let message = format!(
                    "`glu` halves axis {axis} of {}, but {shown} {odd} odd",
                    site.input
                );
                Some(super::site::at(
                    Fault::new(Code::NotDivisible, message),
                    &comparison,
                ))
            }
            // error: `glu` halves axis 1 of [batch, a / b], and `a / b` is not known to be even [D0308]
            Comparison::Unknown => {
                let message = format!(
                    "`glu` halves axis {axis} of {}, and {shown} is not known to be even",
                    site.input
                );
                Some(Fault::new(Code::Undecided, message))
            }
        };
        if let Some(fault) = fault {
            return Err((Where::argument("axis"), fault));
        }
        *extent = simplify(&halves(Op::Div));
    }
    Ok(output.into())
}
