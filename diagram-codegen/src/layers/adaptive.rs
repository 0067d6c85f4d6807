//! Poolings into so many windows: `adaptive_avg_pool1d`, `adaptive_avg_pool2d`, `adaptive_avg_pool3d`.

use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::window::{self, Input};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 3] = [
    Layer::new(
        "adaptive_avg_pool1d",
        const { &[output_size(1)] },
        pool::<1>,
    )
    .rule("Float `[b, c, l]` to `[b, c, output_size]`")
    .keeping_numbers(),
    Layer::new(
        "adaptive_avg_pool2d",
        const { &[output_size(2)] },
        pool::<2>,
    )
    .of_images()
    .rule("Float `[b, c, h, w]` to `[b, c, h', w']`, of `output_size`")
    .keeping_numbers(),
    Layer::new(
        "adaptive_avg_pool3d",
        const { &[output_size(3)] },
        pool::<3>,
    )
    .rule("Float `[b, c, d, h, w]` to `[b, c, d', h', w']`, of `output_size`")
    .keeping_numbers(),
];

const fn output_size(axes: usize) -> Parameter {
    let kind = ParameterKind::Sizes { axes, least: 1 };
    Parameter::new("output_size", kind, "the extent after it")
        .positional()
        .required()
}

/// `[batch, channels, ..]` to `[batch, channels, output_size..]`: every extent may be averaged into any
/// number of windows, which overlap where it does not divide.
fn pool<const N: usize>(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<N>::of(arguments, site)?;
    let sizes = arguments.sizes("output_size").unwrap_or_default();
    let burn = site.burn;
    let module = format_ident!("AdaptiveAvgPool{N}d");
    let config = format_ident!("{module}Config");
    let code = window::sizes_code(site, sizes);
    Ok(Built::module(
        input.with(site, input.channels.clone(), sizes.to_vec()),
        quote!(#burn::nn::pool::#module),
        quote!(#burn::nn::pool::#config::new(#code).init()),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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
