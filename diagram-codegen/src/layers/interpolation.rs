//! Images and sequences at another size: `interpolate1d`, `interpolate2d`.

use diagram_core::dim::{Op, simplify};
use diagram_core::{Code, Dim, Fault};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::window::{self, Input};
use super::{Built, Layer, Site, known};
use crate::lower::names::camel_case;
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new("interpolate1d", const { &parameters(1) }, interpolate::<1>)
        .rule("Float `[b, c, l]` to `[b, c, l']`, of `output_size`, or `l` times `scale_factor`"),
    Layer::new("interpolate2d", const { &parameters(2) }, interpolate::<2>)
        .of_images()
        .rule(
            "Float `[b, c, h, w]` to `[b, c, h', w']`, of `output_size`, or times `scale_factor`",
        ),
];

const fn parameters(axes: usize) -> [Parameter; 4] {
    [
        Parameter::new(
            "output_size",
            ParameterKind::Sizes { axes, least: 1 },
            "the extent after it; this or `scale_factor`",
        ),
        Parameter::new(
            "scale_factor",
            ParameterKind::Scales { axes },
            "by what the extent is multiplied, rounding down",
        ),
        Parameter::new(
            "mode",
            ParameterKind::Word(&["nearest", "nearest_exact", "linear", "cubic", "lanczos"]),
            "`nearest`, `nearest_exact`, `linear`, `cubic` or `lanczos`",
        )
        .default("nearest"),
        Parameter::new(
            "align_corners",
            ParameterKind::Flag,
            "whether the outermost elements stay in place",
        )
        .default("true"),
    ]
}

/// `[batch, channels, ..]` to `[batch, channels, ..']`.
fn interpolate<const N: usize>(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let input = Input::<N>::of(arguments, site)?;
    let layer = arguments.of();
    let (sizes, scales) = (
        arguments.sizes("output_size"),
        arguments.scales("scale_factor"),
    );
    let (extents, set) = match (sizes, scales) {
        (Some(sizes), None) => {
            let code = window::sizes_code(site, sizes);
            let set = quote!(.with_output_size(::core::option::Option::Some(#code)));
            (sizes.to_vec(), set)
        }
        (None, Some(scales)) => {
            let extents = input.extents.iter().zip(scales);
            let extents = extents.map(|(extent, scale)| scaled(arguments, extent, *scale));
            let extents = extents.collect::<Result<Vec<_>, _>>()?;
            let scales = scales.iter().map(|scale| narrow(*scale));
            let scales: Vec<_> = scales.collect();
            let code = match &scales[..] {
                [one] => quote!(#one),
                several => quote!([#(#several),*]),
            };
            let set = quote!(.with_scale_factor(::core::option::Option::Some(#code)));
            (extents, set)
        }
        // error: `interpolate1d` takes either `output_size` or `scale_factor`, but is given both [D0313]
        (Some(_), Some(_)) => {
            let message = format!(
                "`{layer}` takes either `output_size` or `scale_factor`, but is given both"
            );
            let place = arguments.place("scale_factor");
            return Err((place, Fault::new(Code::TooManyArguments, message)));
        }
        // error: `interpolate1d` needs `output_size` or `scale_factor` [D0310]
        (None, None) => {
            let message = format!("`{layer}` needs `output_size` or `scale_factor`");
            let fault = Fault::new(Code::MissingArgument, message);
            return Err(site.fault(fault.help(format!("`{layer}(scale_factor = 2)`"))));
        }
    };
    let burn = site.burn;
    let mode = arguments.word("mode").map(|mode| {
        let mode = format_ident!("{}", camel_case(mode));
        quote!(.with_mode(#burn::nn::interpolate::InterpolateMode::#mode))
    });
    let corners: TokenStream = arguments.setters(&["align_corners"]);
    let module = format_ident!("Interpolate{N}d");
    let config = format_ident!("{module}Config");
    Ok(Built::module(
        input.with(site, input.channels.clone(), extents),
        quote!(#burn::nn::interpolate::#module),
        quote!(#burn::nn::interpolate::#config::new() #set #mode #corners.init()),
    ))
}

/// Burn's scales are of 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the nearest scale that Burn can have"
)]
fn narrow(scale: f64) -> f32 {
    scale as f32
}

/// ⌊extent · scale⌋: a scale of 32 bits is a fraction, numerator over a power of 2.
fn scaled(arguments: &Arguments, extent: &Dim, scale: f64) -> Result<Dim, Placed> {
    /// Where an extent is no number, the scale has a small denominator, or no rule could prove anything.
    const SMALL: u64 = 1 << 10;
    let mut numerator = f64::from(narrow(scale));
    let mut denominator: u64 = 1;
    while numerator.fract() != 0.0 && denominator < 1 << 40 {
        numerator *= 2.0;
        denominator *= 2;
    }
    let whole = format!("{numerator:.0}").parse::<u64>().ok();
    let fits = denominator <= SMALL || known(extent).is_some();
    let Some(whole) = whole.filter(|_| fits && numerator.fract() == 0.0) else {
        // error: `scale_factor` must be a fraction like `0.5` or `1.25` where the extent is `seq`, but is
        // 0.3 [D0312]
        let message = format!(
            "`scale_factor` must be a fraction like `0.5` or `1.25` where the extent is {}, but is {scale}",
            extent.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        return Err((arguments.place("scale_factor"), fault));
    };
    let product = Dim::binary(Op::Mul, extent.clone(), Dim::Literal(whole));
    let scaled = simplify(&Dim::binary(Op::Div, product, Dim::Literal(denominator)));
    // error: `scale_factor` 0.25 leaves nothing of an extent of 3 [D0312]
    if known(&scaled) == Some(0) {
        let message = format!(
            "`scale_factor` {scale} leaves nothing of an extent of {}",
            extent.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        return Err((arguments.place("scale_factor"), fault));
    }
    Ok(scaled)
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn extents_are_given_or_scaled() {
        for (arguments, output) in [
            ("output_size = [4, hidden]", "[batch, 3, 4, hidden]"),
            ("scale_factor = 2", "[batch, 3, 2 * seq, 14]"),
            ("scale_factor = [0.5, 0.3]", "[batch, 3, seq / 2, 2]"),
            ("scale_factor = [1.25, 1]", "[batch, 3, seq + seq / 4, 7]"),
        ] {
            let bench = Bench::new("interpolate2d", arguments);
            assert_eq!(bench.shape("[batch, 3, seq, 7]"), output);
        }
        let bench = Bench::new(
            "interpolate2d",
            "scale_factor = [2, 0.5], mode = nearest_exact",
        );
        assert_eq!(
            bench.init("[batch, 3, 8, 8]"),
            "burn :: nn :: interpolate :: Interpolate2dConfig :: new () . with_scale_factor (:: core :: \
             option :: Option :: Some ([2f32 , 0.5f32])) . with_mode (burn :: nn :: interpolate :: \
             InterpolateMode :: NearestExact) . init ()"
        );
    }

    #[test]
    fn their_faults() {
        let fault = |arguments, input| Bench::new("interpolate1d", arguments).fault(input);
        assert_eq!(
            fault("", "[batch, 3, 8]"),
            "`interpolate1d` needs `output_size` or `scale_factor` [D0310]\n\n\
             \u{20}        = help: `interpolate1d(scale_factor = 2)`"
        );
        assert_eq!(
            fault("output_size = 4, scale_factor = 2", "[batch, 3, 8]"),
            "`interpolate1d` takes either `output_size` or `scale_factor`, but is given both [D0313]"
        );
        assert_eq!(
            fault("scale_factor = 0.3", "[batch, 3, seq]"),
            "`scale_factor` must be a fraction like `0.5` or `1.25` where the extent is `seq`, but is 0.3 \
             [D0312]"
        );
        assert_eq!(
            fault("scale_factor = 0.1", "[batch, 3, 8]"),
            "`scale_factor` 0.1 leaves nothing of an extent of 8 [D0312]"
        );
    }
}
