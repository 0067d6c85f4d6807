//! Poolings: `max_pool1d`, `max_pool2d`, `avg_pool1d`, `avg_pool2d`.

use diagram_core::{Call, Product, Wrong};

use super::layer::Layer;
use super::site::Site;
use super::window::{self, Input, Rounding, Window};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 4] = [
    Layer::new("max_pool1d", const { &max(1) }, pool::<1>)
        .rule(RULE_1D)
        .sample_wise()
        .keeping_numbers(),
    Layer::new("max_pool2d", const { &max(2) }, pool::<2>)
        .of_images()
        .rule(RULE_2D)
        .sample_wise()
        .keeping_numbers(),
    Layer::new("avg_pool1d", const { &avg(1) }, pool::<1>)
        .rule(RULE_1D)
        .sample_wise()
        .keeping_numbers(),
    Layer::new("avg_pool2d", const { &avg(2) }, pool::<2>)
        .of_images()
        .rule(RULE_2D)
        .sample_wise()
        .keeping_numbers(),
];

const RULE_1D: &str = "Float `[b, c, l]` to `[b, c, l']`";
const RULE_2D: &str = "Float `[b, c, h, w]` to `[b, c, h', w']`";

const CEIL_MODE: Parameter = Parameter::new(
    "ceil_mode",
    ParameterKind::Switch,
    "whether a window may stick out",
)
.default("false");

const fn max(axes: usize) -> [Parameter; 5] {
    [
        window::kernel(axes),
        window::stride_of_kernel(axes),
        window::padding(axes),
        window::dilation(axes),
        CEIL_MODE,
    ]
}

const fn avg(axes: usize) -> [Parameter; 5] {
    [
        window::kernel(axes),
        window::stride_of_kernel(axes),
        window::padding(axes),
        Parameter::new(
            "count_include_pad",
            ParameterKind::Flag,
            "whether the padding counts",
        )
        .default("true"),
        CEIL_MODE,
    ]
}

/// `[batch, channels, ..]` to `[batch, channels, ..']`, with a window over `N` axes; without `stride`,
/// the windows abut.
fn pool<const N: usize>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<N>::of(call, site)?;
    let window = Window::of(call, input.extents, true);
    window.meets_input(site)?;
    let up = call.switch("ceil_mode") == Some(true);
    let rounding = if up { Rounding::Up } else { Rounding::Down };
    let extents = window.moves_over(call, site, rounding)?;
    Ok(input.with(site, input.channels.clone(), extents).into())
}
