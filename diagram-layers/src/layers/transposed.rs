//! Transposed convolutions: `conv_transpose1d`, `conv_transpose2d`, `conv_transpose3d`.

use diagram_core::dim::{Op, normal::simplify};
use diagram_core::{Call, Code, Cost, Dim, Fault, Product, Where, Wrong};

use super::convolution::{self, BIAS, CHANNELS, GROUPS};
use super::layer::{Layer, known};
use super::site::Site;
use super::window::{self, Along, Input, Window, minus, plus};
use crate::initializer;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 3] = [
    convolution::layer(
        "conv_transpose1d",
        const { &parameters(1) },
        transposed::<1>,
        cost,
    )
    .rule("Float `[b, c, l]` to `[b, channels, l']`"),
    convolution::layer(
        "conv_transpose2d",
        const { &parameters(2) },
        transposed::<2>,
        cost,
    )
    .of_images()
    .rule("Float `[b, c, h, w]` to `[b, channels, h', w']`"),
    convolution::layer(
        "conv_transpose3d",
        const { &parameters(3) },
        transposed::<3>,
        cost,
    )
    .rule("Float `[b, c, d, h, w]` to `[b, channels, d', h', w']`"),
];

const fn parameters(axes: usize) -> [Parameter; 9] {
    [
        CHANNELS,
        window::kernel(axes),
        window::stride(axes),
        numbers_of(
            "padding",
            axes,
            "the number of entries taken off both sides of its output",
        ),
        numbers_of(
            "padding_out",
            axes,
            "the number of entries added at the end of its output",
        ),
        window::dilation(axes),
        GROUPS,
        BIAS,
        initializer::PARAMETER,
    ]
}

const fn numbers_of(name: &'static str, axes: usize, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Sizes { axes, least: 0 }, summary).default("0")
}

/// Each element of the input is multiplied with a window.
fn cost(call: &Call, site: &Site<'_>, output: &Product) -> Cost {
    convolution::moved(call, site, output, &site.input.dims, "groups")
}

/// `[batch, channels_in, ..]` to `[batch, channels, ..']`, with a window over `N` axes.
fn transposed<const N: usize>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<N>::of(call, site)?;
    let from = input.channels;
    let to = convolution::channels(call, site, from)?;
    let window = Window::of(call, input.extents, false);
    let extents = window.axes().iter().enumerate();
    let extents = extents.map(|(index, along)| spread(index, along, call, site));
    let extents = extents.collect::<Result<Vec<_>, _>>()?;
    initializer::suits(call, site, true)?;
    Ok(input.with(site, to, extents).into())
}

/// What an axis becomes: (L − 1) · stride + covered + `padding_out` − 2 · padding, as Burn's
/// `calculate_conv_transpose_output_size`.
fn spread(index: usize, along: &Along, call: &Call, site: &Site<'_>) -> Result<Dim, Wrong> {
    let number = |name: &str| {
        let sizes = call.sizes(name).unwrap_or_default();
        sizes.get(index).cloned().unwrap_or(Dim::Literal(0))
    };
    let times = |left: Dim, right: Dim| Dim::binary(Op::Mul, left, right);
    let starts = times(minus(along.extent.clone(), 1.into()), along.stride.clone());
    let whole = simplify(&plus(plus(starts, along.covers()), number("padding_out")));
    let taken = simplify(&times(2.into(), number("padding")));
    let left = simplify(&minus(whole.clone(), taken.clone()));
    // error: `padding` of `conv_transpose2d` takes 4 off axis 2, which has 3 without it [D0312]
    let bound = site.left_to_rustc(&left, &Dim::Literal(1));
    if bound.is_some() || known(&left).is_some_and(|left| left < 1) {
        let message = format!(
            "`padding` of `{}` takes {} off axis {}, which has {} without it",
            call.name,
            taken.quoted(),
            along.axis,
            whole.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        let fault = fault.note(format!("it is given {}", site.input));
        let fault = fault.unless(bound);
        return Err((Where::argument("padding"), fault));
    }
    Ok(left)
}
