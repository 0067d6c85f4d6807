//! The code of convolutions.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 3] = [
    ("conv1d", convolution),
    ("conv2d", convolution),
    ("conv3d", convolution),
];

fn convolution(at: &At<'_>) -> Built {
    let (burn, axes, kernel) = (at.burn, at.window_axes(), at.sizes_of("kernel"));
    let (module, config) = (
        format_ident!("Conv{axes}d"),
        format_ident!("Conv{axes}dConfig"),
    );
    let [from, to] = [at.input(), at.output()].map(|shape| at.maybe_size(shape.get(1)));
    let channels = match axes {
        1 => quote!(#from, #to),
        _ => quote!([#from, #to]),
    };
    let set = at.setters(&["stride", "dilation", "groups", "padding", "bias"]);
    let drawn = at.set_initializer();
    Built::module(
        quote!(#burn::nn::conv::#module),
        quote!(#burn::nn::conv::#config::new(#channels, #kernel) #set #drawn.init(device)),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
             \u{20}        = note: at `hidden` = 1\n         = help: state that it does: `where hidden % 2 == 0;`"
        );
        assert_eq!(
            fault("8, 3, groups = kernel", "[batch, 64, 8, 8]"),
            "`groups` of `conv2d` is `kernel`, and it is not known to divide its input channels, 64 \
             [D0308]\n\n         = help: state that it does: `where 64 % kernel == 0;`"
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

    #[test]
    fn one_axis_and_three() {
        let bench = Bench::new("conv1d", "8, 3, padding = [2, 0]");
        assert_eq!(bench.shape("[batch, 4, seq]"), "[batch, 8, seq]");
        assert_eq!(
            bench.init("[batch, 4, seq]"),
            "burn :: nn :: conv :: Conv1dConfig :: new (4 , 8 , 3) . with_padding (burn :: nn :: \
             PaddingConfig1d :: Explicit (2 , 0)) . init (device)"
        );
        let bench = Bench::new("conv3d", "8, [3, 3, 1], padding = [1, 1, 0]");
        assert_eq!(bench.shape("[batch, 4, 5, 6, 7]"), "[batch, 8, 5, 6, 7]");
        assert_eq!(
            bench.init("[batch, 4, 5, 6, 7]"),
            "burn :: nn :: conv :: Conv3dConfig :: new ([4 , 8] , [3 , 3 , 1]) . with_padding (burn :: nn \
             :: PaddingConfig3d :: Explicit (1 , 1 , 0)) . init (device)"
        );
    }

    #[test]
    fn their_faults() {
        let conv1d = |arguments: &str, input: &str| Bench::new("conv1d", arguments).fault(input);
        assert_eq!(
            conv1d("8, 3", "[batch, 1, 8, 8]"),
            "`conv1d` takes [batch, channels, length], but is given [batch, 1, 8, 8] [D0305]"
        );
        assert_eq!(
            conv1d("8, 7", "[batch, 1, 5]"),
            "`conv1d(8, 7)` covers 7 on axis 2, but its input [batch, 1, 5] has 5 there [D0306]"
        );
        assert_eq!(
            conv1d("8, [3, 5]", "[batch, 1, 5]"),
            "`kernel` takes a whole number, like `3`, but is given `[3, 5]` [D0311]"
        );
        let conv3d = |arguments: &str, input: &str| Bench::new("conv3d", arguments).fault(input);
        assert_eq!(
            conv3d("8, 3, padding = [1, 1, 1, 1, 1, 1]", "[batch, 1, 8, 8, 8]"),
            "`padding` takes a whole number or one per axis, like `1` or `[1, 2, 2]`, or `same` or \
             `valid`, but is given `[1, 1, 1, 1, 1, 1]` [D0311]"
        );
        assert_eq!(
            conv3d("8, 2, padding = same", "[batch, 1, 8, 8, 8]"),
            "`same` padding of `conv3d` takes an odd kernel, but axis 2 has 2 [D0312]"
        );
        assert_eq!(
            conv3d("8, 3, stride = 2, padding = same", "[batch, 1, 4, 4, 4]"),
            "`same` padding of `conv3d` is the same before an axis and after it, but axis 2 of [batch, 1, \
             4, 4, 4] needs 1 in all [D0312]\n\n         = help: give it in numbers: `padding = 1`"
        );
        assert_eq!(
            conv3d("8, 3, stride = 2, padding = same", "[batch, 1, seq, 4, 4]"),
            "`same` padding of `conv3d` is the same before an axis and after it, and axis 2 of [batch, 1, \
             seq, 4, 4] is not known to allow it [D0308]\n\n         = help: give it in numbers: \
             `padding = 1`"
        );
    }
}
