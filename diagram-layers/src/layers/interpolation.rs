//! Images and sequences at another size: `interpolate1d`, `interpolate2d`.

use diagram_core::dim::{Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Number, Product, Where, Wrong};

use super::layer::{Layer, known};
use super::site::Site;
use super::window::Input;
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new("interpolate1d", const { &parameters(1) }, interpolate::<1>)
        .sample_wise()
        .rule("Float `[b, c, l]` to `[b, c, l']`, of `output_size`, or `l` times `scale_factor`"),
    Layer::new("interpolate2d", const { &parameters(2) }, interpolate::<2>)
        .sample_wise()
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
            "the factor of the extent, which is rounded down",
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
fn interpolate<const N: usize>(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let input = Input::<N>::of(call, site)?;
    let layer = &call.name;
    let (sizes, scales) = (call.sizes("output_size"), call.numbers("scale_factor"));
    let extents = match (sizes, scales) {
        (Some(sizes), None) => sizes.to_vec(),
        (None, Some(scales)) => {
            let extents = input.extents.iter().zip(scales);
            let extents = extents.map(|(extent, scale)| scaled(extent, *scale));
            extents.collect::<Result<_, _>>()?
        }
        // error: `interpolate1d` takes either `output_size` or `scale_factor`, but is given both [D0313]
        (Some(_), Some(_)) => {
            let message = format!(
                "`{layer}` takes either `output_size` or `scale_factor`, but is given both"
            );
            let place = Where::argument("scale_factor");
            return Err((place, Fault::new(Code::TooManyArguments, message)));
        }
        // error: `interpolate1d` needs `output_size` or `scale_factor` [D0310]
        (None, None) => {
            let message = format!("`{layer}` needs `output_size` or `scale_factor`");
            let fault = Fault::new(Code::MissingArgument, message);
            return Err(site.fault(fault.help(format!("`{layer}(scale_factor = 2)`"))));
        }
    };
    Ok(input.with(site, input.channels.clone(), extents).into())
}

/// A scale as Burn has it: of 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the nearest scale that Burn can have"
)]
#[must_use]
pub fn burn_scale(scale: Number) -> f32 {
    scale.get() as f32
}

/// ⌊extent · scale⌋: a scale of 32 bits is a fraction, numerator over a power of 2.
fn scaled(extent: &Dim, scale: Number) -> Result<Dim, Wrong> {
    /// Where an extent is no number, the scale has a small denominator, or no rule could prove anything.
    const SMALL: u64 = 1 << 10;
    let mut numerator = f64::from(burn_scale(scale));
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
            "`scale_factor` must be a fraction like `0.5` or `1.25` where the extent is {}, but is {}",
            extent.quoted(),
            scale.get()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        return Err((Where::argument("scale_factor"), fault));
    };
    let product = Dim::binary(Op::Mul, extent.clone(), Dim::Literal(whole));
    let scaled = simplify(&Dim::binary(Op::Div, product, Dim::Literal(denominator)));
    // error: `scale_factor` 0.25 leaves nothing of an extent of 3 [D0312]
    if known(&scaled) == Some(0) {
        let message = format!(
            "`scale_factor` {} leaves nothing of an extent of {}",
            scale.get(),
            extent.quoted()
        );
        let fault = Fault::new(Code::ArgumentRange, message);
        return Err((Where::argument("scale_factor"), fault));
    }
    Ok(scaled)
}
