//! Extents that move between axes: `unfold4d`, `fold4d`, `pixel_shuffle`, `pixel_unshuffle`.

use diagram_core::cost::product;
use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Code, Dim, Fault};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::window::{self, Input, Rounding, Window, minus};
use super::{Built, Layer, Site, known};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 4] = [
    Layer::new("unfold4d", &UNFOLD, unfold)
        .rule("Float `[b, c, h, w]` to `[b, c * kernel, h' * w']`: a column a window").keeping_numbers(),
    Layer::new("fold4d", &FOLD, fold)
        .rule("Float `[b, c * kernel, h' * w']` to `[b, c, h, w]`, of `output_size`: the sum of its windows"),
    Layer::new(
        "pixel_shuffle",
        &[factor("upscale_factor", "how often height and width grow")],
        pixel_shuffle,
    )
    .rule("Float `[b, r * r * c, h, w]` to `[b, c, r * h, r * w]`").keeping_numbers(),
    Layer::new(
        "pixel_unshuffle",
        &[factor("downscale_factor", "how often height and width shrink")],
        pixel_unshuffle,
    )
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
    "what is added around the image",
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
fn unfold(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<2>::of(arguments, site)?;
    let window = Window::of(arguments, input.extents, false);
    let blocks = window.moves_over(arguments, site, Rounding::Down)?;
    let kernel = arguments.sizes("kernel").unwrap_or_default();
    let column = times(input.channels.clone(), product(kernel));
    let (burn, code) = (site.burn, window::sizes_code(site, kernel));
    let set = set_window(arguments, site);
    Ok(Built::module(
        site.input
            .with_dims(vec![input.batch.clone(), column, product(&blocks)]),
        quote!(#burn::nn::Unfold4d),
        quote!(#burn::nn::Unfold4dConfig::new(#code) #(#set)*.init()),
    ))
}

fn set_window(arguments: &Arguments, site: &Site<'_>) -> Vec<proc_macro2::TokenStream> {
    let set = |name| window::set_sizes(arguments, site, name, &format!("with_{name}"));
    ["stride", "padding", "dilation"]
        .into_iter()
        .filter_map(set)
        .collect()
}

/// The image whose windows are given as columns, each element the sum of its places in them.
fn fold(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let [batch, columns, blocks] = &site.input.dims[..] else {
        return Err(site.wrong_rank(layer, "[batch, channels * kernel, windows]"));
    };
    site.takes_float(layer)?;
    let kernel = arguments.sizes("kernel").unwrap_or_default();
    let output = arguments.sizes("output_size").unwrap_or_default();
    let elements = product(kernel);
    // error: the size of the kernel of `fold4d` is 4, which does not divide its axis 1, 10 [D0309]
    let given = format!(
        "the size of the kernel of `{layer}` is {}",
        elements.quoted()
    );
    site.divided(&given, &elements, "axis 1", columns)
        .map_err(|fault| (arguments.place("kernel"), fault))?;

    let window = Window::of(arguments, output, false);
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
            return Err((arguments.place("kernel"), fault.unless(bound)));
        }
    }
    let windows = product(&window.moves_over(arguments, site, Rounding::Down)?);
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
            Some(super::at(fault, &comparison))
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
    let (burn, set) = (site.burn, set_window(arguments, site));
    let [output, kernel] = [output, kernel].map(|sizes| window::sizes_code(site, sizes));
    Ok(Built::module(
        site.input.with_dims(dims),
        quote!(#burn::nn::Fold4d),
        quote!(#burn::nn::Fold4dConfig::new(#output, #kernel) #(#set)*.init()),
    ))
}

/// Channels become pixels.
fn pixel_shuffle(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<2>::of(arguments, site)?;
    let Some(factor) = arguments.size("upscale_factor") else {
        return arguments.missing("upscale_factor");
    };
    let square = times(factor.clone(), factor.clone());
    // error: the square of `upscale_factor` of `pixel_shuffle` is 4, which does not divide its channels, 6
    // [D0309]
    let given = format!(
        "the square of `upscale_factor` of `pixel_shuffle` is {}",
        square.quoted()
    );
    site.divided(&given, &square, "channels", input.channels)
        .map_err(|fault| (arguments.place("upscale_factor"), fault))?;
    let channels = over(input.channels.clone(), square);
    let extents = input.extents.iter();
    let extents = extents.map(|extent| times(factor.clone(), extent.clone()));
    let (burn, code) = (site.burn, site.size(factor));
    Ok(Built::module(
        input.with(site, channels, extents.collect()),
        quote!(#burn::nn::PixelShuffle),
        quote!(#burn::nn::PixelShuffleConfig::new(#code).init()),
    ))
}

/// Pixels become channels.
fn pixel_unshuffle(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<2>::of(arguments, site)?;
    let Some(factor) = arguments.size("downscale_factor") else {
        return arguments.missing("downscale_factor");
    };
    for (extent, what) in input.extents.iter().zip(["height", "width"]) {
        site.divides(arguments, "downscale_factor", what, extent)?;
    }
    let square = times(factor.clone(), factor.clone());
    let channels = times(square, input.channels.clone());
    let extents = input.extents.iter();
    let extents = extents.map(|extent| over(extent.clone(), factor.clone()));
    let (burn, code) = (site.burn, site.size(factor));
    Ok(Built::module(
        input.with(site, channels, extents.collect()),
        quote!(#burn::nn::PixelUnshuffle),
        quote!(#burn::nn::PixelUnshuffleConfig::new(#code).init()),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn windows_become_columns_and_back() {
        let image = "[batch, 3, 8, 8]";
        let bench = Bench::new("unfold4d", "[2, 4], stride = 2, padding = [0, 1]");
        assert_eq!(bench.shape(image), "[batch, 24, 16]");
        assert_eq!(
            bench.init(image),
            "burn :: nn :: Unfold4dConfig :: new ([2 , 4]) . with_stride ([2 , 2]) . with_padding ([0 , 1]) . \
             init ()"
        );
        let bench = Bench::new("fold4d", "[8, 8], [2, 4], stride = 2, padding = [0, 1]");
        assert_eq!(bench.shape("[batch, 24, 16]"), image);
        assert_eq!(
            Bench::new("unfold4d", "hidden, stride = hidden").shape("[batch, 3, seq, hidden]"),
            "[batch, 3 * hidden * hidden, seq / hidden]"
        );
    }

    #[test]
    fn channels_become_pixels_and_back() {
        let bench = Bench::new("pixel_shuffle", "2");
        assert_eq!(
            bench.shape("[batch, 12, seq, 5]"),
            "[batch, 3, 2 * seq, 10]"
        );
        let bench = Bench::new("pixel_unshuffle", "2");
        assert_eq!(
            bench.shape("[batch, 3, 2 * seq, 10]"),
            "[batch, 12, seq, 5]"
        );
    }

    #[test]
    fn what_does_not_fit() {
        let fault = |name, arguments, input| Bench::new(name, arguments).fault(input);
        assert_eq!(
            fault("pixel_shuffle", "2", "[batch, 6, 8, 8]"),
            "the square of `upscale_factor` of `pixel_shuffle` is 4, which does not divide its channels, 6 \
             [D0309]"
        );
        assert_eq!(
            fault("pixel_unshuffle", "3", "[batch, 1, 9, 8]"),
            "`downscale_factor` of `pixel_unshuffle` is 3, which does not divide its width, 8 [D0309]"
        );
        assert_eq!(
            fault("fold4d", "4, 2", "[batch, 12, 4]"),
            "`fold4d(4, 2)` has 9 windows, but axis 2 of [batch, 12, 4] is 4 [D0301]"
        );
        assert_eq!(
            fault("fold4d", "4, 2", "[batch, 10, 9]"),
            "the size of the kernel of `fold4d` is 4, which does not divide its axis 1, 10 [D0309]"
        );
        assert_eq!(
            fault("fold4d", "2, 3", "[batch, 9, 1]"),
            "`fold4d(2, 3)` covers 3 of axis 2, but its output has 2 there [D0306]"
        );
        assert_eq!(
            fault("fold4d", "2, 3", "[batch, 9]"),
            "`fold4d` takes [batch, channels * kernel, windows], but is given [batch, 9] [D0305]"
        );
    }
}
