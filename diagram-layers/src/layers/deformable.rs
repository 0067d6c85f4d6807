//! Convolutions whose windows are moved element by element: `deform_conv2d`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Cost, Dim, Fault, Padding, Product, Shape, Where, Wrong};

use super::convolution::{self, BIAS, CHANNELS};
use super::cost;
use super::layer::Layer;
use super::site::Site;
use super::window::{self, Input, Rounding, Window};
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 1] = [convolution::layer(
    "deform_conv2d",
    const { &PARAMETERS },
    deform,
    cost,
)
.of_several()
.of_images()
.rule(
    "Float `[b, c, h, w]` * `[b, 2 * k, h', w']` to `[b, channels, h', w']`, where `k` is `offset_groups` \
     times the elements of the kernel; a third factor, `[b, k, h', w']`, is its mask",
)];

const PARAMETERS: [Parameter; 9] = [
    CHANNELS,
    window::kernel(2),
    window::stride(2),
    window::padding(2),
    window::dilation(2),
    groups(
        "weight_groups",
        "the number of parts into which the channels fall",
    )
    .aliases(&["groups"]),
    groups(
        "offset_groups",
        "the number of parts into which the channels fall, each with offsets of its own",
    ),
    BIAS,
    initializer::PARAMETER,
];

const fn groups(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Size, summary).default("1")
}

/// As an unmoved one: where the elements of windows lie is not counted.
fn cost(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    convolution::moved(call, site, output, cost::first(output), "weight_groups")
}

/// An image and the offsets of every window's elements, and perhaps a factor for each.
fn deform(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<2>::of(call, site)?;
    let layer = &call.name;
    let takes = "an image, its offsets and perhaps a mask";
    let (offset, mask) = match site.inputs {
        [_] => (None, None),
        [_, offset] => (Some(offset), None),
        [_, offset, mask] => (Some(offset), Some(mask)),
        // error: `deform_conv2d` takes an image, its offsets and perhaps a mask, but is given 4: … [D0318]
        _ => return Err(site.wrong_factors(layer, takes)),
    };
    let to = convolution::channels(call, site, input.channels)?;
    site.divides(call, "weight_groups", "input channels", input.channels)?;
    site.divides(call, "weight_groups", "output channels", &to)?;
    site.divides(call, "offset_groups", "input channels", input.channels)?;
    pads_alike(call)?;
    let window = Window::of(call, input.extents, false);
    let extents = window.moves_over(call, site, Rounding::Down)?;
    window.pads_alike(call, site)?;

    let kernel = call.sizes("kernel").unwrap_or_default();
    let groups = call.size("offset_groups").cloned();
    let times = |left: Dim, right: Dim| simplify(&Dim::binary(Op::Mul, left, right));
    let elements = kernel.iter().cloned();
    let elements = elements.fold(groups.unwrap_or(Dim::Literal(1)), times);
    let twice = times(Dim::Literal(2), elements.clone());
    let offsets = input.with(site, twice, extents.clone());
    let Some(offset) = offset else {
        let dims: Vec<_> = offsets.dims.iter().map(Some).collect();
        return Err(site.lacks(layer, takes, ("offsets", &dims)));
    };
    is_shaped(site, "offsets", offset, &offsets)?;
    if let Some(mask) = mask {
        is_shaped(
            site,
            "mask",
            mask,
            &input.with(site, elements, extents.clone()),
        )?;
    }

    initializer::suits(call, site, true)?;
    Ok(input.with(site, to, extents).into())
}

/// Burn pads this on both sides alike.
fn pads_alike(call: &Call) -> Result<(), Wrong> {
    let Some(Padding::Explicit(sides)) = call.padding("padding") else {
        return Ok(());
    };
    if sides.iter().all(|(before, after)| before == after) {
        return Ok(());
    }
    // error: `padding` of `deform_conv2d` is the same before an axis and after it [D0312]
    let message = format!(
        "`padding` of `{}` is the same before an axis and after it",
        call.name
    );
    let fault = Fault::new(Code::ArgumentRange, message).help("`padding = [1, 2]`, one per axis");
    Err((Where::argument("padding"), fault))
}

/// What comes with the image has the shape that the windows have.
fn is_shaped(site: &Site<'_>, what: &str, given: &Shape, wanted: &Shape) -> Result<(), Wrong> {
    let shapes = |fault: Fault| {
        fault
            .note(format!("wanted : {wanted}"))
            .note(format!("given  : {given}"))
    };
    let text = site.text;
    // error: the mask of `deform_conv2d(8, 3)` is Float of rank 4, but Int[batch, 9] is given [D0302]
    if given.kind != wanted.kind || given.rank() != wanted.rank() {
        let code = if given.kind == wanted.kind {
            Code::RankMismatch
        } else {
            Code::KindMismatch
        };
        let message = format!("the {what} of `{text}` is Float of rank 4, but {given} is given");
        return Err(site.fault(Fault::new(code, message)));
    }
    for (axis, (given, wanted)) in given.dims.iter().zip(&wanted.dims).enumerate() {
        let (is, must) = (given.quoted(), wanted.quoted());
        let fault = match site.compare(given, wanted) {
            Comparison::Equal => continue,
            // error: axis 1 of the offsets of `deform_conv2d(8, 3)` is 9, but must be 18 [D0301]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let message =
                    format!("axis {axis} of the {what} of `{text}` is {is}, but must be {must}");
                super::site::at(shapes(Fault::new(Code::AxisMismatch, message)), &comparison)
            }
            // error: axis 2 of the mask of `deform_conv2d(8, 3)` is `a / b`, and not known to be `c` [D0308]
            Comparison::Unknown => {
                let message = format!(
                    "axis {axis} of the {what} of `{text}` is {is}, and not known to be {must}"
                );
                shapes(Fault::new(Code::Undecided, message))
            }
        };
        return Err(site.fault(fault));
    }
    Ok(())
}
