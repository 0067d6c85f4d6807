//! The code of poolings into so many windows.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 3] = [
    ("adaptive_avg_pool1d", pooling),
    ("adaptive_avg_pool2d", pooling),
    ("adaptive_avg_pool3d", pooling),
];

fn pooling(at: &At<'_>) -> Built {
    let (burn, axes, sizes) = (at.burn, at.window_axes(), at.sizes_of("output_size"));
    let module = format_ident!("AdaptiveAvgPool{axes}d");
    let config = format_ident!("{module}Config");
    Built::module(
        quote!(#burn::nn::pool::#module),
        quote!(#burn::nn::pool::#config::new(#sizes).init()),
    )
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn any_extent_becomes_what_is_asked() {
        let bench = Bench::new("adaptive_avg_pool2d", "[1, hidden]");
        assert_eq!(bench.shape("[batch, 3, seq, 5]"), "[batch, 3, 1, hidden]");
        assert_eq!(
            bench.init("[batch, 3, seq, 5]"),
            "burn :: nn :: pool :: AdaptiveAvgPool2dConfig :: new ([1 , self . hidden]) . init ()"
        );
        let bench = Bench::new("adaptive_avg_pool1d", "1");
        assert_eq!(bench.shape("[batch, 3, seq]"), "[batch, 3, 1]");
        assert_eq!(
            bench.init("[batch, 3, seq]"),
            "burn :: nn :: pool :: AdaptiveAvgPool1dConfig :: new (1) . init ()"
        );
    }

    #[test]
    fn its_faults() {
        assert_eq!(
            Bench::new("adaptive_avg_pool3d", "1").fault("[batch, 3, 4, 4]"),
            "`adaptive_avg_pool3d` takes [batch, channels, depth, height, width], but is given \
             [batch, 3, 4, 4] [D0305]"
        );
        assert_eq!(
            Bench::new("adaptive_avg_pool1d", "seq").fault("[batch, 3, 4]"),
            "`adaptive_avg_pool1d` needs its `output_size` when it is built, but `seq` is known only at \
             run time [D0202]"
        );
    }
}
