//! Transposed convolutions: `conv_transpose1d`, `conv_transpose2d`, `conv_transpose3d`.

use diagram_core::dim::{Op, normal::simplify};
use diagram_core::{Code, Cost, Dim, Fault, Product};
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::convolution::{self, BIAS, CHANNELS, GROUPS};
use super::window::{self, Along, Input, Window, minus, plus};
use super::{Built, Layer, Site, initializer, known};
use crate::lower::scope::Placed;

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
            "what is taken off both sides of its output",
        ),
        numbers_of(
            "padding_out",
            axes,
            "what is added at the end of its output",
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
fn cost(arguments: &Arguments, site: &Site<'_>, output: &Product) -> Cost {
    convolution::moved(arguments, site, output, &site.input.dims, "groups")
}

/// `[batch, channels_in, ..]` to `[batch, channels, ..']`, with a window over `N` axes.
fn transposed<const N: usize>(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<N>::of(arguments, site)?;
    let from = input.channels;
    let to = convolution::channels(arguments, site, from)?;
    let window = Window::of(arguments, input.extents, false);
    let extents = window.axes().iter().enumerate();
    let extents = extents.map(|(index, along)| spread(index, along, arguments, site));
    let extents = extents.collect::<Result<Vec<_>, _>>()?;

    let burn = site.burn;
    let module = format_ident!("ConvTranspose{N}d");
    let config = format_ident!("{module}Config");
    let kernel = window::sizes_code(site, arguments.sizes("kernel").unwrap_or_default());
    let [first, second] = [from, &to].map(|channels| site.size(channels));
    let mut config = quote!(#burn::nn::conv::#config::new([#first, #second], #kernel));
    for name in ["stride", "dilation", "padding", "padding_out"] {
        config.extend(window::set_sizes(
            arguments,
            site,
            name,
            &format!("with_{name}"),
        ));
    }
    config.extend(convolution::set_groups(arguments, site));
    initializer::suits(arguments, site, true)?;
    config.extend(arguments.setters(&["bias"]));
    config.extend(arguments.enum_setters(&["initializer"], burn));
    Ok(Built::module(
        input.with(site, to, extents),
        quote!(#burn::nn::conv::#module),
        quote!(#config.init(device)),
    ))
}

/// What an axis becomes: (L − 1) · stride + covered + `padding_out` − 2 · padding, as Burn's
/// `calculate_conv_transpose_output_size`.
fn spread(
    index: usize,
    along: &Along,
    arguments: &Arguments,
    site: &Site<'_>,
) -> Result<Dim, Placed> {
    let number = |name: &str| {
        let sizes = arguments.sizes(name).unwrap_or_default();
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
            arguments.of(),
            taken.quoted(),
            along.axis,
            whole.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        let fault = fault.note(format!("it is given {}", site.input));
        let fault = fault.unless(bound);
        return Err((arguments.place("padding"), fault));
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn it_doubles_what_a_stride_of_2_halves() {
        let bench = Bench::new("conv_transpose2d", "8, 4, stride = 2, padding = 1");
        assert_eq!(bench.shape("[batch, 16, 7, 7]"), "[batch, 8, 14, 14]");
        assert_eq!(bench.value("[batch, 16, seq, 7]", 2, &[("seq", 7)]), 14);
        let bench = Bench::new(
            "conv_transpose1d",
            "8, 3, stride = 2, padding = 1, padding_out = 1",
        );
        assert_eq!(bench.shape("[batch, 16, hidden]"), "[batch, 8, 2 * hidden]");
    }

    #[test]
    fn its_code_sets_what_is_given() {
        assert_eq!(
            Bench::new("conv_transpose1d", "8, 3, bias = false").init("[batch, 4, 9]"),
            "burn :: nn :: conv :: ConvTranspose1dConfig :: new ([4 , 8] , 3) . with_bias (false) . init \
             (device)"
        );
        let bench = Bench::new(
            "conv_transpose2d",
            "8, [3, 5], stride = 2, dilation = [1, 2], groups = 2, padding = [0, 1], padding_out = 1",
        );
        let input = "[batch, 4, 9, 9]";
        assert_eq!(bench.ty(input), "burn :: nn :: conv :: ConvTranspose2d");
        assert_eq!(
            bench.init(input),
            "burn :: nn :: conv :: ConvTranspose2dConfig :: new ([4 , 8] , [3 , 5]) . with_stride ([2 , \
             2]) . with_dilation ([1 , 2]) . with_padding ([0 , 1]) . with_padding_out ([1 , 1]) . \
             with_groups (2) . init (device)"
        );
    }

    #[test]
    fn its_channels_follow_from_the_target() {
        let bench = Bench::new("conv_transpose2d", "kernel = 2").target("[batch, 3, 8, 8]");
        assert_eq!(bench.shape("[batch, 64, 7, 7]"), "[batch, 3, 8, 8]");
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("conv_transpose2d", arguments).fault(input);
        assert_eq!(
            fault("8, 2, padding = [0, 2]", "[batch, 1, 2, 2]"),
            "`padding` of `conv_transpose2d` takes 4 off axis 3, which has 3 without it [D0312]\n\n\
             \u{20}        = note: it is given [batch, 1, 2, 2]"
        );
        assert_eq!(
            fault("8, 2, padding = same", "[batch, 1, 2, 2]"),
            "there is no dim `same` [D0103]\n\n         = help: declare it: `dyn same;` for a size that \
             varies from call to call, or a hyper-parameter `(same: usize)`"
        );
        assert_eq!(
            fault("8, 2, groups = 2", "[batch, 3, 2, 2]"),
            "`groups` of `conv_transpose2d` is 2, which does not divide its input channels, 3 [D0309]"
        );
        assert_eq!(
            fault("8, 2", "[batch, 3, 2]"),
            "`conv_transpose2d` takes [batch, channels, height, width], but is given [batch, 3, 2] [D0305]"
        );
    }
}
