//! What goes over one axis: `mean`, `sum`, `max`, `min`, `normalize`.

use diagram_core::{Code, Dim, Fault, Kind};
use quote::{format_ident, quote};

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 5] = [
    reduction("mean")
        .keeping_numbers()
        .rule("Float; without the axis, or with `keep = true` of extent 1 there"),
    reduction("sum"),
    reduction("max").keeping_numbers(),
    reduction("min").keeping_numbers(),
    Layer::new(
        "normalize",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "the axis along which the norm is 1, by itself the last",
        )
        .aliases(&["dim"])
        .positional()],
        normalize,
    )
    .keeping_shape()
    .rule("Float, kept: x / max(‖x‖₂, 10⁻¹²) along the axis"),
];

const REDUCTION: &[Parameter] = &[
    Parameter::new("axis", ParameterKind::Axis, "the axis that it goes over")
        .aliases(&["dim"])
        .positional()
        .required(),
    Parameter::new(
        "keep",
        ParameterKind::Switch,
        "whether the axis stays, of extent 1",
    )
    .default("false"),
];

const fn reduction(name: &'static str) -> Layer {
    Layer::new(name, REDUCTION, reduce)
        .rule("Float or Int; without the axis, or with `keep = true` of extent 1 there")
}

/// Drops an axis, or makes its extent 1.
fn reduce(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let layer = arguments.of();
    match site.input.kind {
        Kind::Float => {}
        // A mean of integers would round.
        Kind::Int if layer != "mean" => {}
        Kind::Int | Kind::Bool if layer == "mean" => site.takes_float(layer)?,
        // error: `sum` takes Float or Int, but is given Bool[batch, 4] [D0304]
        _ => {
            let message = format!("`{layer}` takes Float or Int, but is given {}", site.input);
            return Err(site.fault(Fault::new(Code::KindMismatch, message)));
        }
    }
    let axis = arguments.required_axis("axis", site.input)?;
    let function = format_ident!("{layer}_dim");
    let mut dims = site.input.dims.clone();
    if arguments.switch("keep") == Some(true) {
        dims.iter_mut()
            .skip(axis)
            .take(1)
            .for_each(|dim| *dim = Dim::Literal(1));
        return Ok(Built::function(
            site.input.with_dims(dims),
            quote!(x.#function(#axis)),
        ));
    }
    // error: `mean` over the only axis of [batch] leaves none: a shape has at least one [D0305]
    if dims.len() < 2 {
        let message = format!(
            "`{layer}` over the only axis of {} leaves none: a shape has at least one",
            site.input
        );
        let text = site.text.trim_end_matches(')');
        let help = format!("`{text}, keep = true)`");
        return Err(site.fault(Fault::new(Code::LayerRank, message).help(help)));
    }
    let rank = dims.len() - 1;
    let kept = dims.into_iter().enumerate().filter(|(at, _)| *at != axis);
    Ok(Built::function(
        site.input.with_dims(kept.map(|(_, dim)| dim).collect()),
        quote!(x.#function(#axis).squeeze_dim::<#rank>(#axis)),
    ))
}

/// x / max(‖x‖₂, 10⁻¹²) along an axis, the last by itself. The bound is taken of the square, so that
/// the gradient at 0 is 0 and not undefined.
fn normalize(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    site.takes_float(arguments.of())?;
    let last = site.input.rank().saturating_sub(1);
    let axis = arguments.axis("axis", site.input).unwrap_or(Ok(last))?;
    let forward = quote!({
        let norm = x.clone().square().sum_dim(#axis).clamp_min(1e-24f64).sqrt();
        x.div(norm)
    });
    Ok(Built::function(site.input.clone(), forward))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn an_axis_is_dropped_or_kept() {
        for name in ["mean", "sum", "max", "min"] {
            let bench = Bench::new(name, "seq");
            assert_eq!(bench.shape("[batch, seq, 4]"), "[batch, 4]");
            assert_eq!(
                bench.forward("[batch, seq, 4]"),
                Some(format!(
                    "x . {name}_dim (1usize) . squeeze_dim :: < 2usize > (1usize)"
                ))
            );
            let bench = Bench::new(name, "1, keep = true");
            assert_eq!(bench.shape("[batch, seq]"), "[batch, 1]");
            assert_eq!(
                bench.forward("[batch, seq]"),
                Some(format!("x . {name}_dim (1usize)"))
            );
        }
        assert_eq!(
            Bench::new("max", "1").shape("Int[batch, seq]"),
            "Int[batch]"
        );
    }

    #[test]
    fn their_faults() {
        let fault = |name, axis, input| Bench::new(name, axis).fault(input);
        assert_eq!(
            fault("mean", "batch", "[batch]"),
            "`mean` over the only axis of [batch] leaves none: a shape has at least one [D0305]\n\n\
             \u{20}        = help: `mean(batch, keep = true)`"
        );
        assert_eq!(
            fault("mean", "0", "Bool[batch, 4]"),
            "`mean` takes Float, but is given Bool[batch, 4] [D0304]"
        );
        assert_eq!(
            fault("sum", "0", "Bool[batch, 4]"),
            "`sum` takes Float or Int, but is given Bool[batch, 4] [D0304]"
        );
        assert_eq!(
            fault("mean", "", "[batch, 4]"),
            "`mean` needs `axis`, the axis that it goes over [D0310]"
        );
        assert_eq!(
            fault("max", "sqe", "[batch, seq]"),
            "`max` has no axis `sqe` in [batch, seq] [D0314]\n\n         = help: did you mean `seq`?"
        );
    }

    #[test]
    fn normalize_is_along_the_last_axis_by_itself() {
        for (axis, code) in [("", "1usize"), ("0", "0usize")] {
            let bench = Bench::new("normalize", axis);
            assert_eq!(bench.shape("[batch, 4]"), "[batch, 4]");
            let forward = bench.forward("[batch, 4]").unwrap_or_default();
            assert!(forward.contains(&format!("sum_dim ({code})")), "{forward}");
        }
    }
}
