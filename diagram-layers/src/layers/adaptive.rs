//! Poolings into so many windows: `adaptive_avg_pool1d`, `adaptive_avg_pool2d`, `adaptive_avg_pool3d`.

use diagram_core::{Call, Product, Wrong};

use super::layer::Layer;
use super::site::Site;
use super::window::Input;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 3] = [
    Layer::new(
        "adaptive_avg_pool1d",
        const { &[output_size(1)] },
        pool::<1>,
    )
    .rule("Float `[b, c, l]` to `[b, c, output_size]`")
    .sample_wise()
    .keeping_numbers(),
    Layer::new(
        "adaptive_avg_pool2d",
        const { &[output_size(2)] },
        pool::<2>,
    )
    .of_images()
    .rule("Float `[b, c, h, w]` to `[b, c, h', w']`, of `output_size`")
    .sample_wise()
    .keeping_numbers(),
    Layer::new(
        "adaptive_avg_pool3d",
        const { &[output_size(3)] },
        pool::<3>,
    )
    .rule("Float `[b, c, d, h, w]` to `[b, c, d', h', w']`, of `output_size`")
    .sample_wise()
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
fn pool<const N: usize>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<N>::of(call, site)?;
    let sizes = call.sizes("output_size").unwrap_or_default();
    Ok(input
        .with(site, input.channels.clone(), sizes.to_vec())
        .into())
}
