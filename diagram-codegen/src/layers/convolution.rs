//! Convolutions: `conv2d`.

use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::window::{self, Rounding, Window};
use super::{Built, Layer, Site};
use crate::lower::scope::{Placed, size_code};

pub(super) static LAYERS: [Layer; 1] = [Layer {
    name: "conv2d",
    parameters: &[
        Parameter::new("channels", ParameterKind::Size, "the channels after it")
            .aliases(&["channels_out"])
            .positional(),
        window::KERNEL,
        window::STRIDE,
        window::PADDING,
        window::DILATION,
        Parameter::new(
            "groups",
            ParameterKind::Size,
            "how many parts the channels fall into",
        ),
        Parameter::new("bias", ParameterKind::Switch, "whether a bias is added"),
        Parameter::later("initializer", "how weights are drawn"),
    ],
    keeps_shape: false,
    weights: true,
    build: conv2d,
}];

/// `[batch, channels_in, height, width]` to `[batch, channels, height', width']`.
fn conv2d(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    let [batch, from, _, _] = &site.input.dims[..] else {
        return Err(site.wrong_rank(layer, "[batch, channels, height, width]"));
    };
    site.takes_float(layer)?;
    site.sizes_parameter(layer, "input channels", from)?;
    let to = match arguments.size("channels") {
        Some(channels) => channels.clone(),
        None => site.inferred(layer, "output channels", 1)?,
    };
    site.divides(arguments, "groups", "input channels", from)?;
    site.divides(arguments, "groups", "output channels", &to)?;
    let window = Window::of(arguments, false);
    let [height, width] = window.moves_over(arguments, site, Rounding::Down)?;

    let (burn, hypers) = (site.burn, quote!(self));
    let channels = window::sizes_code(&[from.clone(), to.clone()], &hypers);
    let kernel = window::sizes_code(&window.kernel, &hypers);
    let mut config = quote!(#burn::nn::conv::Conv2dConfig::new(#channels, #kernel));
    if let Some(stride) = arguments.sizes("stride") {
        let stride = window::sizes_code(stride, &hypers);
        config.extend(quote!(.with_stride(#stride)));
    }
    if let Some(dilation) = arguments.sizes("dilation") {
        let dilation = window::sizes_code(dilation, &hypers);
        config.extend(quote!(.with_dilation(#dilation)));
    }
    if let Some(groups) = arguments.size("groups") {
        let groups = size_code(groups, &hypers);
        config.extend(quote!(.with_groups(#groups)));
    }
    if let Some(padding) = arguments.padding("padding") {
        let padding = window::padding_code(padding, burn, &hypers);
        config.extend(quote!(.with_padding(#padding)));
    }
    if let Some(bias) = arguments.switch("bias") {
        config.extend(quote!(.with_bias(#bias)));
    }
    Ok(Built::module(
        site.input.with_dims(vec![batch.clone(), to, height, width]),
        quote!(#burn::nn::conv::Conv2d),
        quote!(#config.init(device)),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    /// Where windows fit, counted one by one: each lies wholly in the padded input.
    fn counted(extent: u64, kernel: u64, stride: u64, dilation: u64, padding: (u64, u64)) -> i128 {
        let end = extent + padding.0 + padding.1;
        let last = |start: u64| start + dilation * (kernel - 1);
        (0..end)
            .step_by(usize::try_from(stride).expect("small"))
            .filter(|start| last(*start) < end)
            .count() as i128
    }

    #[test]
    fn its_extents_are_those_counted_by_hand() {
        for (kernel, stride, dilation, before, after) in [
            (1, 1, 1, 0, 0),
            (3, 1, 1, 0, 0),
            (3, 1, 1, 1, 1),
            (3, 2, 1, 1, 1),
            (5, 2, 1, 2, 2),
            (3, 1, 2, 0, 0),
            (3, 2, 2, 2, 2),
            (4, 3, 1, 1, 2),
            (2, 5, 1, 0, 3),
            (3, 4, 3, 0, 1),
        ] {
            let arguments = format!(
                "8, kernel = {kernel}, stride = {stride}, dilation = {dilation}, padding = \
                 [{before}, 0, {after}, 0]"
            );
            let bench = Bench::new("conv2d", &arguments);
            for extent in (dilation * (kernel - 1) + 1)..20 {
                let expected = counted(extent, kernel, stride, dilation, (before, after));
                // As a number, and as a symbol whose value comes later.
                let literal = format!("[batch, 3, {extent}, 30]");
                assert_eq!(
                    bench.value(&literal, 2, &[]),
                    expected,
                    "{arguments} on {extent}"
                );
                let values = [("seq", extent)];
                let symbolic = bench.value("[batch, 3, seq, 30]", 2, &values);
                assert_eq!(symbolic, expected, "{arguments} on a symbol, {extent}");
            }
        }
    }

    #[test]
    fn same_padding_keeps_the_size_at_stride_1() {
        for (kernel, stride) in [(1, 1), (2, 1), (3, 1), (3, 2), (2, 3), (1, 4), (5, 3)] {
            let arguments = format!("8, {kernel}, stride = {stride}, padding = same");
            for extent in 1..15_u64 {
                // Burn's `calculate_same_padding`.
                let out = extent.div_ceil(stride);
                let total = ((out - 1) * stride + kernel).saturating_sub(extent);
                let padding = (total / 2, total - total / 2);
                let expected = counted(extent, kernel, stride, 1, padding);
                let bench = Bench::new("conv2d", &arguments);
                let values = [("seq", extent)];
                assert_eq!(bench.value("[batch, 3, seq, 30]", 2, &values), expected);
                assert_eq!(
                    bench.value(&format!("[batch, 3, {extent}, 30]"), 2, &[]),
                    expected
                );
            }
        }
    }

    #[test]
    fn sizes_may_be_hyper_parameters() {
        let bench = Bench::new("conv2d", "8, kernel, padding = kernel");
        for (kernel, extent) in [(1, 4), (3, 7), (4, 5)] {
            let values = [("kernel", kernel), ("seq", extent)];
            let expected = counted(extent, kernel, 1, 1, (kernel, kernel));
            assert_eq!(bench.value("[batch, 3, seq, 9]", 2, &values), expected);
        }
    }

    #[test]
    fn its_code_sets_what_is_given() {
        let input = "[batch, 4, 9, 9]";
        let bench = Bench::new("conv2d", "8, 3");
        assert_eq!(bench.shape(input), "[batch, 8, 7, 7]");
        assert_eq!(bench.ty(input), "burn :: nn :: conv :: Conv2d");
        assert_eq!(
            bench.init(input),
            "burn :: nn :: conv :: Conv2dConfig :: new ([4 , 8] , [3 , 3]) . init (device)"
        );
        let bench = Bench::new(
            "conv2d",
            "8, [3, 5], stride = 2, dilation = [1, 2], groups = 2, padding = [1, 2], bias = false",
        );
        assert_eq!(
            bench.init(input),
            "burn :: nn :: conv :: Conv2dConfig :: new ([4 , 8] , [3 , 5]) . with_stride ([2 , 2]) . \
             with_dilation ([1 , 2]) . with_groups (2) . with_padding (burn :: nn :: \
             PaddingConfig2d :: Explicit (1 , 2 , 1 , 2)) . with_bias (false) . init (device)"
        );
        for (word, code) in [("same", "Same"), ("valid", "Valid")] {
            let bench = Bench::new("conv2d", &format!("8, 3, padding = {word}"));
            let expected = format!("with_padding (burn :: nn :: PaddingConfig2d :: {code})");
            assert!(bench.init(input).contains(&expected));
        }
    }

    #[test]
    fn its_channels_follow_from_the_target() {
        let bench = Bench::new("conv2d", "kernel = 1").target("[batch, 128, 8, 8]");
        assert_eq!(bench.shape("[batch, 64, 8, 8]"), "[batch, 128, 8, 8]");
        assert_eq!(
            Bench::new("conv2d", "kernel = 1").fault("[batch, 64, 8, 8]"),
            "`conv2d` leaves its output channels out, and the layers after it do not tell it \
             [D0307]\n\n         = help: write it: `conv2d(64, kernel = 1)`"
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments: &str, input: &str| Bench::new("conv2d", arguments).fault(input);
        assert_eq!(
            fault("8, 3", "[batch, 64]"),
            "`conv2d` takes [batch, channels, height, width], but is given [batch, 64] [D0305]"
        );
        assert_eq!(
            fault("8, 3", "Int[batch, 1, 8, 8]"),
            "`conv2d` takes Float, but is given Int[batch, 1, 8, 8] [D0304]"
        );
        assert_eq!(
            fault("8, 3", "[batch, seq, 8, 8]"),
            "`conv2d` needs its input channels when it is built, but `seq` is known only at run time \
             [D0202]\n\n         = note: it is given [batch, seq, 8, 8]"
        );
        assert_eq!(
            fault("8, 7", "[batch, 1, 5, 5]"),
            "`conv2d(8, 7)` covers 7 on axis 2, but its input [batch, 1, 5, 5] has 5 there [D0306]"
        );
        assert_eq!(
            fault("8, [1, 5], dilation = 2, padding = 1", "[batch, 1, 5, 5]"),
            "`conv2d(8, [1, 5], dilation = 2, padding = 1)` covers 9 on axis 3, but its input [batch, 1, \
             5, 5] has 7 there with its padding [D0306]"
        );
        assert_eq!(
            fault("8, 3, groups = 3", "[batch, 64, 8, 8]"),
            "`groups` of `conv2d` is 3, which does not divide its input channels, 64 [D0309]"
        );
        assert_eq!(
            fault("8, 3, groups = 3", "[batch, 6, 8, 8]"),
            "`groups` of `conv2d` is 3, which does not divide its output channels, 8 [D0309]"
        );
        assert_eq!(
            fault("8, 3, groups = 2", "[batch, hidden, 8, 8]"),
            "`groups` of `conv2d` is 2, which does not divide its input channels, `hidden` [D0309]\n\n\
             \u{20}        = note: at `hidden` = 1"
        );
        assert_eq!(
            fault("8, 3, groups = kernel", "[batch, 64, 8, 8]"),
            "`groups` of `conv2d` is `kernel`, and it is not known to divide its input channels, 64 \
             [D0308]"
        );
        assert_eq!(
            fault("8, 3, padding = same, dilation = 2", "[batch, 64, 8, 8]"),
            "`same` padding of `conv2d` ignores its `dilation`, 2, and would not keep the size \
             [D0312]\n\n         = help: `padding = 2`"
        );
    }

    #[test]
    fn groups_may_be_the_channels() {
        let bench = Bench::new("conv2d", "hidden, 3, groups = hidden");
        assert_eq!(
            bench.shape("[batch, hidden, 8, 8]"),
            "[batch, hidden, 6, 6]"
        );
    }
}
