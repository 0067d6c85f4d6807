//! Extents that move between axes: `unfold4d`, `fold4d`, `pixel_shuffle`, `pixel_unshuffle`.

use diagram_core::cost::product;
use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Product, Where, Wrong};

use super::layer::{Layer, known};
use super::site::Site;
use super::window::{self, Input, Rounding, Window, minus};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 4] = [
    Layer::new("unfold4d", &UNFOLD, unfold)
        .sample_wise()
        .rule("Float `[b, c, h, w]` to `[b, c * kernel, h' * w']`: one column per window").keeping_numbers(),
    Layer::new("fold4d", &FOLD, fold)
        .sample_wise()
        .rule("Float `[b, c * kernel, h' * w']` to `[b, c, h, w]`, of `output_size`: the sum of its windows"),
    Layer::new(
        "pixel_shuffle",
        &[factor("upscale_factor", "the factor by which height and width grow")],
        pixel_shuffle,
    )
    .sample_wise()
    .rule("Float `[b, r * r * c, h, w]` to `[b, c, r * h, r * w]`").keeping_numbers(),
    Layer::new(
        "pixel_unshuffle",
        &[factor("downscale_factor", "the factor by which height and width shrink")],
        pixel_unshuffle,
    )
    .sample_wise()
    .rule("Float `[b, c, r * h, r * w]` to `[b, r * r * c, h, w]`").keeping_numbers(),
];

const UNFOLD: [Parameter; 4] = [
    window::kernel(2),
    window::stride(2),
    PADDING,
    window::dilation(2),
];

const FOLD: [Parameter; 5] = [
    Parameter::new(
        "output_size",
        ParameterKind::Sizes { axes: 2, least: 1 },
        "the height and width after it",
    )
    .positional()
    .required(),
    window::kernel(2),
    window::stride(2),
    PADDING,
    window::dilation(2),
];

/// Burn pads these on both sides alike, by numbers.
const PADDING: Parameter = Parameter::new(
    "padding",
    ParameterKind::Sizes { axes: 2, least: 0 },
    "the number of entries added on each side of the image",
)
.default("0");

const fn factor(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Size, summary)
        .positional()
        .required()
}

fn times(left: Dim, right: Dim) -> Dim {
    simplify(&Dim::binary(Op::Mul, left, right))
}

fn over(left: Dim, right: Dim) -> Dim {
    simplify(&Dim::binary(Op::Div, left, right))
}

/// Every window as a column of its elements.
fn unfold(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<2>::of(call, site)?;
    let window = Window::of(call, input.extents, false);
    let blocks = window.moves_over(call, site, Rounding::Down)?;
    let kernel = call.sizes("kernel").unwrap_or_default();
    let column = times(input.channels.clone(), product(kernel));
    let dims = vec![input.batch.clone(), column, product(&blocks)];
    Ok(site.input.with_dims(dims).into())
}

/// The image whose windows are given as columns, each element the sum of its places in them.
fn fold(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let layer = &call.name;
    let [batch, columns, blocks] = &site.input.dims[..] else {
        return Err(site.wrong_rank(layer, "[batch, channels * kernel, windows]"));
    };
    site.takes_float(layer)?;
    let kernel = call.sizes("kernel").unwrap_or_default();
    let output = call.sizes("output_size").unwrap_or_default();
    let elements = product(kernel);
    // error: the size of the kernel of `fold4d` is 4, which does not divide its axis 1, 10 [D0309]
    let given = format!(
        "the size of the kernel of `{layer}` is {}",
        elements.quoted()
    );
    site.divided(&given, &elements, "axis 1", columns)
        .map_err(|fault| (Where::argument("kernel"), fault))?;

    let window = Window::of(call, output, false);
    for along in window.axes() {
        let padded = along.padded();
        let bound = padded
            .as_ref()
            .and_then(|padded| site.left_to_rustc(padded, &along.covers()));
        let lacks = padded
            .and_then(|padded| known(&minus(padded, along.covers())))
            .is_some_and(|room| room < 0);
        if lacks || bound.is_some() {
            // error: `fold4d([2, 2], 3)` covers 3 of axis 2, but its output has 2 there [D0306]
            let message = format!(
                "`{}` covers {} of axis {}, but its output has {} there",
                site.text,
                along.covers().quoted(),
                along.axis,
                along.extent.quoted()
            );
            let fault = Fault::new(Code::KernelTooLarge, message);
            return Err((Where::argument("kernel"), fault.unless(bound)));
        }
    }
    let windows = product(&window.moves_over(call, site, Rounding::Down)?);
    let fault = match site.compare(&windows, blocks) {
        Comparison::Equal => None,
        // error: `fold4d([4, 4], 2, stride = 2)` has 4 windows, but axis 2 of [batch, 12, 9] is 9 [D0301]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "`{}` has {} windows, but axis 2 of {} is {}",
                site.text,
                windows.quoted(),
                site.input,
                blocks.quoted()
            );
            let fault = Fault::new(Code::AxisMismatch, message);
            Some(super::site::at(fault, &comparison))
        }
        // error: `fold4d([4, 4], 2)` has 9 windows, which axis 2 of [batch, 12, a / b] is not known to be
        // [D0308]
        Comparison::Unknown => {
            let message = format!(
                "`{}` has {} windows, which axis 2 of {} is not known to be",
                site.text,
                windows.quoted(),
                site.input
            );
            Some(Fault::new(Code::Undecided, message))
        }
    };
    if let Some(fault) = fault {
        return Err(site.fault(fault));
    }
    let channels = over(columns.clone(), elements);
    let dims = [batch.clone(), channels].into_iter();
    let dims = dims.chain(output.iter().cloned()).collect();
    Ok(site.input.with_dims(dims).into())
}

/// Channels become pixels.
fn pixel_shuffle(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<2>::of(call, site)?;
    let Some(factor) = call.size("upscale_factor") else {
        return call.missing("upscale_factor");
    };
    let square = times(factor.clone(), factor.clone());
    // error: the square of `upscale_factor` of `pixel_shuffle` is 4, which does not divide its channels, 6
    // [D0309]
    let given = format!(
        "the square of `upscale_factor` of `pixel_shuffle` is {}",
        square.quoted()
    );
    site.divided(&given, &square, "channels", input.channels)
        .map_err(|fault| (Where::argument("upscale_factor"), fault))?;
    let channels = over(input.channels.clone(), square);
    let extents = input.extents.iter();
    let extents = extents.map(|extent| times(factor.clone(), extent.clone()));
    Ok(input.with(site, channels, extents.collect()).into())
}

/// Pixels become channels.
fn pixel_unshuffle(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<2>::of(call, site)?;
    let Some(factor) = call.size("downscale_factor") else {
        return call.missing("downscale_factor");
    };
    for (extent, what) in input.extents.iter().zip(["height", "width"]) {
        site.divides(call, "downscale_factor", what, extent)?;
    }
    let square = times(factor.clone(), factor.clone());
    let channels = times(square, input.channels.clone());
    let extents = input.extents.iter();
    let extents = extents.map(|extent| over(extent.clone(), factor.clone()));
    Ok(input.with(site, channels, extents.collect()).into())
}
