//! Convolutions: `conv1d`, `conv2d`, `conv3d`.

use diagram_core::{Call, Cost, Dim, Gives, Product, Wrong};

use super::cost;
use super::layer::{CostOf, Layer, ShapeRule};
use super::site::Site;
use super::window::{self, Input, Rounding, Window};
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 3] = [
    convolution("conv1d", const { &parameters(1) }, conv::<1>)
        .rule("Float `[b, c, l]` to `[b, channels, l']`"),
    convolution("conv2d", const { &parameters(2) }, conv::<2>)
        .of_images()
        .rule("Float `[b, c, h, w]` to `[b, channels, h', w']`"),
    convolution("conv3d", const { &parameters(3) }, conv::<3>)
        .rule("Float `[b, c, d, h, w]` to `[b, channels, d', h', w']`"),
];

/// `channels`, after the layer.
pub(super) const CHANNELS: Parameter =
    Parameter::new("channels", ParameterKind::Size, "the channels after it")
        .aliases(&["channels_out"])
        .positional();
/// `groups`, of channels.
pub(super) const GROUPS: Parameter = Parameter::new(
    "groups",
    ParameterKind::Size,
    "the number of parts into which the channels fall",
)
.default("1");
/// `bias`, one per channel.
pub(super) const BIAS: Parameter =
    Parameter::new("bias", ParameterKind::Flag, "whether a bias is added").default("true");

const fn parameters(axes: usize) -> [Parameter; 8] {
    [
        CHANNELS,
        window::kernel(axes),
        window::stride(axes),
        window::padding(axes),
        window::dilation(axes),
        GROUPS,
        BIAS,
        initializer::PARAMETER,
    ]
}

/// A layer with weights for each channel and place in its window.
pub(super) const fn layer(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: ShapeRule,
    cost: CostOf,
) -> Layer {
    Layer {
        width_axis: Some(1),
        ..Layer::new(name, parameters, shape)
            .with_weights(cost)
            .sample_wise()
            .giving(Gives::Real)
    }
}

/// One whose padding may be `same`.
const fn convolution(
    name: &'static str,
    parameters: &'static [Parameter],
    shape: ShapeRule,
) -> Layer {
    Layer {
        pads: true,
        ..layer(name, parameters, shape, cost)
    }
}

/// Each window is multiplied with its weights.
fn cost(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    moved(call, site, output, cost::first(output), "groups")
}

/// A window at each of these places, of a batch and then of axes.
pub(super) fn moved(
    call: &Call,
    site: &Site<'_>,
    output: &Product,
    places: &[Dim],
    groups: &str,
) -> Cost {
    let (Some(from), [batch, _, extents @ ..], Some(to)) =
        (site.input.dims.get(1), places, cost::first(output).get(1))
    else {
        return Cost::UNKNOWN;
    };
    let places: Vec<_> = [batch].into_iter().chain(extents).cloned().collect();
    let kernel = call.sizes("kernel").unwrap_or_default();
    let weights = cost::windows(&places, (from, to), kernel, call.size(groups));
    weights.and(cost::numbers_if(cost::is_on(call, "bias", true), to))
}

/// `[batch, channels_in, ..]` to `[batch, channels, ..']`, with a window over `N` axes.
fn conv<const N: usize>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<N>::of(call, site)?;
    let from = input.channels;
    let to = channels(call, site, from)?;
    let window = Window::of(call, input.extents, false);
    let extents = window.moves_over(call, site, Rounding::Down)?;
    if N == 3 {
        window.pads_alike(call, site)?;
    }

    initializer::suits(call, site, true)?;
    Ok(input.with(site, to, extents).into())
}

/// The channels after a convolution, given or found behind it; both must fall into its groups.
pub(super) fn channels(call: &Call, site: &Site<'_>, from: &Dim) -> Result<Dim, Wrong> {
    let layer = &call.name;
    site.sizes_parameter(layer, "input channels", from)?;
    let to = match call.size("channels") {
        Some(channels) => channels.clone(),
        None => site.inferred(call, ("channels", "output channels"), 1)?,
    };
    site.divides(call, "groups", "input channels", from)?;
    site.divides(call, "groups", "output channels", &to)?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::super::{Layer, deformable, transposed};

    /// Burn's weights of all of them have an axis for each axis of the window besides those of the channels.
    #[test]
    fn no_weight_is_a_matrix_and_only_convolutions_pad() {
        let families: [&[Layer]; 3] = [&super::LAYERS, &transposed::LAYERS, &deformable::LAYERS];
        let layers = || families.iter().flat_map(|family| family.iter());
        assert!(layers().all(|layer| layer.has_weights() && !layer.matrix));
        let padding = layers().filter(|layer| layer.pads).map(|layer| layer.name);
        assert_eq!(padding.collect::<Vec<_>>(), ["conv1d", "conv2d", "conv3d"]);
    }
}
