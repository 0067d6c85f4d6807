//! Convolutions whose windows are moved element by element: `deform_conv2d`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Code, Cost, Dim, Fault, Product, Shape};
use quote::quote;

use super::arguments::{Arguments, Padding, Parameter, ParameterKind};
use super::convolution::{self, BIAS, CHANNELS};
use super::window::{self, Input, Rounding, Window};
use super::{Built, Layer, Site, cost, initializer};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 1] = [convolution::layer(
    "deform_conv2d",
    const { &PARAMETERS },
    deform,
    cost,
)
.of_several()
.of_images()
.rule(
    "Float `[b, c, h, w]` * `[b, 2 * k, h', w']` to `[b, channels, h', w']`, where `k` is `offset_groups` \
     times the elements of the kernel; a third factor, `[b, k, h', w']`, is its mask",
)];

const PARAMETERS: [Parameter; 9] = [
    CHANNELS,
    window::kernel(2),
    window::stride(2),
    window::padding(2),
    window::dilation(2),
    groups("weight_groups", "how many parts the channels fall into").aliases(&["groups"]),
    groups(
        "offset_groups",
        "how many parts the channels fall into, each with offsets of its own",
    ),
    BIAS,
    initializer::PARAMETER,
];

const fn groups(name: &'static str, summary: &'static str) -> Parameter {
    Parameter::new(name, ParameterKind::Size, summary).default("1")
}

/// As an unmoved one: where the elements of windows lie is not counted.
fn cost(arguments: &Arguments, site: &Site<'_>, output: &Product) -> Cost {
    convolution::moved(
        arguments,
        site,
        output,
        cost::first(output),
        "weight_groups",
    )
}

/// An image and the offsets of every window's elements, and perhaps a factor for each.
fn deform(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<2>::of(arguments, site)?;
    let layer = arguments.of();
    let (offset, mask) = match site.inputs {
        [_, offset] => (offset, None),
        [_, offset, mask] => (offset, Some(mask)),
        // error: `deform_conv2d` takes an image, its offsets and perhaps a mask, but is given [batch, 3, 8, 8]
        // [D0318]
        other => {
            let all = Product(other.to_vec());
            let message = format!(
                "`{layer}` takes an image, its offsets and perhaps a mask, but is given {all}"
            );
            return Err(site.fault(Fault::new(Code::Factors, message)));
        }
    };
    let to = convolution::channels(arguments, site, input.channels)?;
    site.divides(arguments, "weight_groups", "input channels", input.channels)?;
    site.divides(arguments, "weight_groups", "output channels", &to)?;
    site.divides(arguments, "offset_groups", "input channels", input.channels)?;
    pads_alike(arguments)?;
    let window = Window::of(arguments, input.extents, false);
    let extents = window.moves_over(arguments, site, Rounding::Down)?;
    window.pads_alike(arguments, site)?;

    let kernel = arguments.sizes("kernel").unwrap_or_default();
    let groups = arguments.size("offset_groups").cloned();
    let times = |left: Dim, right: Dim| simplify(&Dim::binary(Op::Mul, left, right));
    let elements = kernel.iter().cloned();
    let elements = elements.fold(groups.unwrap_or(Dim::Literal(1)), times);
    let twice = times(Dim::Literal(2), elements.clone());
    is_shaped(
        site,
        "offsets",
        offset,
        &input.with(site, twice, extents.clone()),
    )?;
    if let Some(mask) = mask {
        is_shaped(
            site,
            "mask",
            mask,
            &input.with(site, elements, extents.clone()),
        )?;
    }

    initializer::suits(arguments, site, true)?;
    let burn = site.burn;
    let window = window::sizes_code(site, kernel);
    let [first, second] = [input.channels, &to].map(|dim| site.size(dim));
    let mut config = quote!(#burn::nn::conv::DeformConv2dConfig::new([#first, #second], #window));
    config.extend(window::set_sizes(arguments, site, "stride", "with_stride"));
    config.extend(window::set_sizes(
        arguments,
        site,
        "dilation",
        "with_dilation",
    ));
    config.extend(window::set_padding::<2>(arguments, site));
    config.extend(arguments.setters(&["weight_groups", "offset_groups", "bias"]));
    config.extend(arguments.enum_setters(&["initializer"], burn));
    let mask = match mask {
        Some(_) => quote!(::core::option::Option::Some(x2)),
        None => quote!(::core::option::Option::None),
    };
    Ok(Built {
        forward: Some(quote!(layer.forward(x, x1, #mask))),
        ..Built::module(
            input.with(site, to, extents),
            quote!(#burn::nn::conv::DeformConv2d),
            quote!(#config.init(device)),
        )
    })
}

/// Burn pads this on both sides alike.
fn pads_alike(arguments: &Arguments) -> Result<(), Placed> {
    let Some(Padding::Explicit(sides)) = arguments.padding("padding") else {
        return Ok(());
    };
    if sides.iter().all(|(before, after)| before == after) {
        return Ok(());
    }
    // error: `padding` of `deform_conv2d` is the same before an axis and after it [D0312]
    let message = format!(
        "`padding` of `{}` is the same before an axis and after it",
        arguments.of()
    );
    let fault = Fault::new(Code::ArgumentRange, message).help("`padding = [1, 2]`, one an axis");
    Err((arguments.place("padding"), fault))
}

/// What comes with the image has the shape that the windows have.
fn is_shaped(site: &Site<'_>, what: &str, given: &Shape, wanted: &Shape) -> Result<(), Placed> {
    let shapes = |fault: Fault| {
        fault
            .note(format!("wanted : {wanted}"))
            .note(format!("given  : {given}"))
    };
    let text = site.text;
    // error: the mask of `deform_conv2d(8, 3)` is Float of rank 4, but Int[batch, 9] is given [D0302]
    if given.kind != wanted.kind || given.rank() != wanted.rank() {
        let code = if given.kind == wanted.kind {
            Code::RankMismatch
        } else {
            Code::KindMismatch
        };
        let message = format!("the {what} of `{text}` is Float of rank 4, but {given} is given");
        return Err(site.fault(Fault::new(code, message)));
    }
    for (axis, (given, wanted)) in given.dims.iter().zip(&wanted.dims).enumerate() {
        let (is, must) = (given.quoted(), wanted.quoted());
        let fault = match site.compare(given, wanted) {
            Comparison::Equal => continue,
            // error: axis 1 of the offsets of `deform_conv2d(8, 3)` is 9, but must be 18 [D0301]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let message =
                    format!("axis {axis} of the {what} of `{text}` is {is}, but must be {must}");
                super::at(shapes(Fault::new(Code::AxisMismatch, message)), &comparison)
            }
            // error: axis 2 of the mask of `deform_conv2d(8, 3)` is `a / b`, and not known to be `c` [D0308]
            Comparison::Unknown => {
                let message = format!(
                    "axis {axis} of the {what} of `{text}` is {is}, and not known to be {must}"
                );
                shapes(Fault::new(Code::Undecided, message))
            }
        };
        return Err(site.fault(fault));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn an_image_comes_with_its_offsets() {
        let bench = Bench::new("deform_conv2d", "8, 3, padding = 1, offset_groups = 2");
        let image = "[batch, 4, 6, 7]";
        for rest in ["", " * [batch, 18, 6, 7]"] {
            let input = format!("{image} * [batch, 36, 6, 7]{rest}");
            assert_eq!(bench.shape(&input), "[batch, 8, 6, 7]");
            let mask = if rest.is_empty() { "None" } else { "Some (x2)" };
            let code = bench.forward(&input).unwrap_or_default();
            assert!(
                code.starts_with("layer . forward (x , x1 , ") && code.contains(mask),
                "{code}"
            );
        }
        assert_eq!(
            bench.init("[batch, 4, 6, 7] * [batch, 36, 6, 7]"),
            "burn :: nn :: conv :: DeformConv2dConfig :: new ([4 , 8] , [3 , 3]) . with_padding (burn :: nn \
             :: PaddingConfig2d :: Explicit (1 , 1 , 1 , 1)) . with_offset_groups (2) . init (device)"
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("deform_conv2d", arguments).fault(input);
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6]"),
            "`deform_conv2d` takes an image, its offsets and perhaps a mask, but is given [batch, 4, 6, 6] \
             [D0318]"
        );
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6] * [batch, 9, 4, 4]"),
            "axis 1 of the offsets of `deform_conv2d(8, 3)` is 9, but must be 18 [D0301]\n\n\
             \u{20}        = note: wanted : [batch, 18, 4, 4]\n         = note: given  : [batch, 9, 4, 4]"
        );
        assert_eq!(
            fault("8, 3", "[batch, 4, 6, 6] * [batch, 18, 4, 4] * [batch, 9]"),
            "the mask of `deform_conv2d(8, 3)` is Float of rank 4, but [batch, 9] is given [D0302]"
        );
        assert_eq!(
            fault(
                "8, 3, padding = [1, 0, 0, 0]",
                "[batch, 4, 6, 6] * [batch, 18, 4, 4]"
            ),
            "`padding` of `deform_conv2d` is the same before an axis and after it [D0312]\n\n\
             \u{20}        = help: `padding = [1, 2]`, one an axis"
        );
    }
}
