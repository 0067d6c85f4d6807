//! The code of poolings.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 4] = [
    ("max_pool1d", |at| pooling(at, "MaxPool")),
    ("max_pool2d", |at| pooling(at, "MaxPool")),
    ("avg_pool1d", |at| pooling(at, "AvgPool")),
    ("avg_pool2d", |at| pooling(at, "AvgPool")),
];

fn pooling(at: &At<'_>, pool: &str) -> Built {
    let (burn, axes, kernel) = (at.burn, at.window_axes(), at.sizes_of("kernel"));
    let module = format_ident!("{pool}{axes}d");
    let config = format_ident!("{module}Config");
    let strides = at.call.sizes("stride").map(|strides| {
        let strides = at.sizes(strides);
        match axes {
            1 => quote!(.with_stride(#strides)),
            _ => quote!(.with_strides(#strides)),
        }
    });
    let set = at.setters(&["padding", "dilation", "count_include_pad", "ceil_mode"]);
    Built::module(
        quote!(#burn::nn::pool::#module),
        quote!(#burn::nn::pool::#config::new(#kernel) #strides #set.init()),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    /// Burn's `calculate_pool_output_size`, with the windows that `drop_end_padding_windows` drops.
    fn burns(
        extent: u64,
        kernel: u64,
        stride: u64,
        dilation: u64,
        padding: (u64, u64),
        up: bool,
    ) -> i128 {
        let covers = dilation * (kernel - 1) + 1;
        let room = extent + padding.0 + padding.1;
        let mut windows = if up {
            (room + stride - 1 - covers) / stride
        } else {
            (room - covers) / stride
        } + 1;
        if up && (windows - 1) * stride >= extent + padding.0 {
            windows -= 1;
        }
        i128::from(windows)
    }

    #[test]
    fn its_extents_are_burns() {
        for up in [false, true] {
            for (kernel, stride, dilation, before, after) in [
                (2, 2, 1, 0, 0),
                (3, 2, 1, 1, 1),
                (3, 3, 1, 0, 0),
                (2, 3, 1, 0, 1),
                (2, 5, 1, 1, 1),
                (3, 1, 2, 0, 0),
                (3, 2, 2, 2, 2),
                (1, 3, 1, 0, 0),
                (4, 3, 1, 1, 2),
                (3, 4, 1, 2, 0),
            ] {
                let arguments = format!(
                    "{kernel}, stride = {stride}, dilation = {dilation}, padding = \
                     [{before}, 0, {after}, 0], ceil_mode = {up}"
                );
                let bench = Bench::new("max_pool2d", &arguments);
                for extent in (dilation * (kernel - 1) + 1)..20 {
                    let expected = burns(extent, kernel, stride, dilation, (before, after), up);
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
    }

    #[test]
    fn windows_abut_without_a_stride() {
        let bench = Bench::new("max_pool2d", "2");
        assert_eq!(bench.shape("[batch, 16, 28, 29]"), "[batch, 16, 14, 14]");
        assert_eq!(bench.shape("[batch, seq, 28, 29]"), "[batch, seq, 14, 14]");
        let bench = Bench::new("max_pool2d", "2, ceil_mode = true");
        assert_eq!(bench.shape("[batch, 16, 28, 29]"), "[batch, 16, 14, 15]");
        let bench = Bench::new("max_pool2d", "[2, 3], padding = same");
        assert_eq!(bench.shape("[batch, 16, 28, 29]"), "[batch, 16, 14, 10]");
        // The whole kernel, rounding up: one window even where the input is smaller.
        let bench = Bench::new("max_pool2d", "3, ceil_mode = true");
        assert_eq!(bench.shape("[batch, 16, 1, 2]"), "[batch, 16, 1, 1]");
    }

    #[test]
    fn its_code_sets_what_is_given() {
        let input = "[batch, 4, 9, 9]";
        let bench = Bench::new("max_pool2d", "2");
        assert_eq!(bench.ty(input), "burn :: nn :: pool :: MaxPool2d");
        assert_eq!(
            bench.init(input),
            "burn :: nn :: pool :: MaxPool2dConfig :: new ([2 , 2]) . init ()"
        );
        let bench = Bench::new(
            "max_pool2d",
            "3, strides = [2, 1], padding = 1, dilation = 2, ceil_mode = true",
        );
        assert_eq!(
            bench.init(input),
            "burn :: nn :: pool :: MaxPool2dConfig :: new ([3 , 3]) . with_strides ([2 , 1]) . \
             with_padding (burn :: nn :: PaddingConfig2d :: Explicit (1 , 1 , 1 , 1)) . with_dilation \
             ([2 , 2]) . with_ceil_mode (true) . init ()"
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments: &str, input: &str| Bench::new("max_pool2d", arguments).fault(input);
        assert_eq!(
            fault("2", "[batch, 64]"),
            "`max_pool2d` takes [batch, channels, height, width], but is given [batch, 64] [D0305]"
        );
        assert_eq!(
            fault("2", "Int[batch, 1, 8, 8]"),
            "`max_pool2d` takes Float, but is given Int[batch, 1, 8, 8] [D0304]"
        );
        assert_eq!(
            fault("6", "[batch, 1, 8, 5]"),
            "`max_pool2d(6)` covers 6 on axis 3, but its input [batch, 1, 8, 5] has 5 there [D0306]"
        );
        assert_eq!(
            fault("6, stride = 1, ceil_mode = true", "[batch, 1, 8, 5]"),
            "`max_pool2d(6, stride = 1, ceil_mode = true)` covers 6 on axis 3, but its input [batch, 1, \
             8, 5] has 5 there [D0306]"
        );
        assert_eq!(
            fault("2, padding = 2", "[batch, 1, 8, 8]"),
            "`padding` must be less than the 2 that the kernel covers, but is 2 [D0312]"
        );
        assert_eq!(
            fault("kernel, stride = 2, ceil_mode = true", "[batch, 1, 8, 8]"),
            "`ceil_mode` of `max_pool2d` with a window that is no number is not supported yet [D0900]"
        );
    }
}
