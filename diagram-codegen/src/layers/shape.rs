//! Shape operations that keep every element: `flatten`, `squeeze`, `unsqueeze`, `permute`, `identity`.

use diagram_core::dim::{Comparison, Op, normal::simplify};
use diagram_core::{Code, Dim, Fault};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 5] = [
    Layer::new("flatten", &[], flatten)
        .rule("any kind of rank 2 or more: `[b, ..]` to `[b, product of the rest]`")
        .keeping_numbers(),
    Layer::new(
        "squeeze",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "the axis of extent 1 that is dropped, by itself all of them",
        )
        .aliases(&["dim"])
        .positional()],
        squeeze,
    )
    .rule("any kind: without the axis")
    .keeping_numbers(),
    Layer::new(
        "unsqueeze",
        &[Parameter::new(
            "axis",
            ParameterKind::Axis,
            "where an axis of extent 1 is added",
        )
        .aliases(&["dim"])
        .positional()
        .required()],
        unsqueeze,
    )
    .rule("any kind: with an axis of extent 1 at that place")
    .keeping_numbers(),
    Layer::new(
        "permute",
        &[Parameter::new("axes", ParameterKind::Axes, "the axes in their new order").positional()],
        permute,
    )
    .rule("any kind: the axes in that order")
    .keeping_numbers(),
    Layer::new("identity", &[], |_, site| {
        Ok(Built::function(site.input.clone(), quote!(x)))
    })
    .keeping_shape()
    .rule("any kind, kept")
    .keeping_numbers(),
];

/// `[batch, …]` to `[batch, product of the rest]`, of any kind.
fn flatten(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let [batch, first, rest @ ..] = &site.input.dims[..] else {
        return Err(site.wrong_rank(arguments.of(), "[batch, .., ..] of rank 2 or more"));
    };
    let product = rest.iter().fold(first.clone(), |product, dim| {
        Dim::binary(Op::Mul, product, dim.clone())
    });
    let last = site.input.rank() - 1;
    let forward = if rest.is_empty() {
        quote!(x)
    } else {
        quote!(x.flatten::<2>(1usize, #last))
    };
    let dims = vec![batch.clone(), simplify(&product)];
    Ok(Built::function(site.input.with_dims(dims), forward))
}

/// Drops an axis of extent 1, or all that are known to be such. (Burn's own `squeeze` drops what is of
/// extent 1 in the call, a batch of one among it.)
fn squeeze(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let dims = &site.input.dims;
    let dropped: Vec<usize> = match arguments.axis("axis", site.input) {
        Some(axis) => {
            let axis = axis?;
            if let Some(dim) = dims.get(axis) {
                is_one(arguments, site, axis, dim)?;
            }
            vec![axis]
        }
        None => {
            let ones = dims.iter().enumerate();
            let ones =
                ones.filter(|(_, dim)| site.compare(dim, &Dim::Literal(1)) == Comparison::Equal);
            ones.map(|(axis, _)| axis).collect()
        }
    };
    // error: `squeeze` drops axes of extent 1, but [batch, 4] has none [D0305]
    if dropped.is_empty() {
        let message = format!(
            "`squeeze` drops axes of extent 1, but {} has none",
            site.input
        );
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    // error: `squeeze` would leave no axis of [1] [D0305]
    if dropped.len() == dims.len() {
        let message = format!("`squeeze` would leave no axis of {}", site.input);
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    let kept = dims
        .iter()
        .enumerate()
        .filter(|(axis, _)| !dropped.contains(axis));
    let kept: Vec<Dim> = kept.map(|(_, dim)| dim.clone()).collect();
    let rank = kept.len();
    Ok(Built::function(
        site.input.with_dims(kept),
        quote!(x.squeeze_dims::<#rank>(&[#(#dropped),*])),
    ))
}

fn is_one(arguments: &Arguments, site: &Site<'_>, axis: usize, dim: &Dim) -> Result<(), Placed> {
    let comparison = site.compare(dim, &Dim::Literal(1));
    if comparison == Comparison::Equal {
        return Ok(());
    }
    // error: `squeeze` drops axes of extent 1, but axis 1 of [batch, 4] is 4 [D0301]
    let message = format!(
        "`squeeze` drops axes of extent 1, but axis {axis} of {} is {}",
        site.input,
        dim.quoted()
    );
    let fault = super::at(Fault::new(Code::AxisMismatch, message), &comparison);
    Err((arguments.place("axis"), fault))
}

/// Adds an axis of extent 1.
fn unsqueeze(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axis = arguments.new_axis("axis", site.input)?;
    let (before, after) = site.input.dims.split_at_checked(axis).unwrap_or_default();
    let one = [Dim::Literal(1)];
    let dims: Vec<Dim> = before.iter().chain(&one).chain(after).cloned().collect();
    let rank = dims.len();
    Ok(Built::function(
        site.input.with_dims(dims),
        quote!(x.unsqueeze_dim::<#rank>(#axis)),
    ))
}

/// The axes in another order.
fn permute(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axes = arguments.axes(site.input)?;
    let (names, rank) = (axes.len(), site.input.rank());
    for (position, (axis, place)) in axes.iter().enumerate() {
        // error: `permute[0, 1, 1]` names axis 1 twice [D0315]
        if axes.iter().take(position).any(|(before, _)| before == axis) {
            let message = format!("`{}` names axis {axis} twice", site.text);
            return Err((*place, Fault::new(Code::RepeatedArgument, message)));
        }
    }
    // error: `permute[1, 0]` names 2 axes, but is given [batch, 4, 8] of rank 3 [D0305]
    if names != rank {
        let message = format!(
            "`{}` names {names} ax{}, but is given {} of rank {rank}",
            site.text,
            if names == 1 { "is" } else { "es" },
            site.input
        );
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    let axes: Vec<usize> = axes.into_iter().map(|(axis, _)| axis).collect();
    let dims = axes
        .iter()
        .filter_map(|axis| site.input.dims.get(*axis).cloned());
    Ok(Built::function(
        site.input.with_dims(dims.collect()),
        quote!(x.permute([#(#axes),*])),
    ))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn flatten_keeps_axis_0_and_joins_the_rest() {
        let bench = Bench::new("flatten", "");
        for (input, output, code) in [
            (
                "[batch, 1, 8, 8]",
                "[batch, 64]",
                "x . flatten :: < 2 > (1usize , 3usize)",
            ),
            (
                "[batch, 4, 7]",
                "[batch, 28]",
                "x . flatten :: < 2 > (1usize , 2usize)",
            ),
            (
                "Int[batch, 4, 7]",
                "Int[batch, 28]",
                "x . flatten :: < 2 > (1usize , 2usize)",
            ),
            ("[batch, 64]", "[batch, 64]", "x"),
        ] {
            assert_eq!(bench.shape(input), output);
            assert_eq!(bench.forward(input).as_deref(), Some(code));
        }
        assert_eq!(bench.value("[batch, hidden, 3]", 1, &[("hidden", 5)]), 15);
        assert_eq!(
            bench.fault("[batch]"),
            "`flatten` takes [batch, .., ..] of rank 2 or more, but is given [batch] [D0305]"
        );
    }

    #[test]
    fn squeeze_drops_what_is_known_to_be_one() {
        for (axis, input, output, code) in [
            (
                "",
                "[batch, 1, 8, 1]",
                "[batch, 8]",
                "x . squeeze_dims :: < 2usize > (& [1usize , 3usize])",
            ),
            (
                "1",
                "Int[batch, 1]",
                "Int[batch]",
                "x . squeeze_dims :: < 1usize > (& [1usize])",
            ),
        ] {
            let bench = Bench::new("squeeze", axis);
            assert_eq!(bench.shape(input), output);
            assert_eq!(bench.forward(input).as_deref(), Some(code));
        }
        let fault = |axis, input| Bench::new("squeeze", axis).fault(input);
        assert_eq!(
            fault("", "[batch, 4]"),
            "`squeeze` drops axes of extent 1, but [batch, 4] has none [D0305]"
        );
        assert_eq!(
            fault("hidden", "[batch, hidden]"),
            "`squeeze` drops axes of extent 1, but axis 1 of [batch, hidden] is `hidden` [D0301]\n\n\
             \u{20}        = note: at `hidden` = 2"
        );
        assert_eq!(
            fault("0", "[1]"),
            "`squeeze` would leave no axis of [1] [D0305]"
        );
    }

    #[test]
    fn unsqueeze_adds_an_axis_anywhere() {
        for (axis, output) in [
            ("0", "[1, batch, 4]"),
            ("1", "[batch, 1, 4]"),
            ("batch", "[1, batch, 4]"),
            ("axis = 2", "[batch, 4, 1]"),
        ] {
            assert_eq!(Bench::new("unsqueeze", axis).shape("[batch, 4]"), output);
        }
        assert_eq!(
            Bench::new("unsqueeze", "2")
                .forward("Bool[batch, 4]")
                .as_deref(),
            Some("x . unsqueeze_dim :: < 3usize > (2usize)")
        );
        assert_eq!(
            Bench::new("unsqueeze", "3").fault("[batch, 4]"),
            "`unsqueeze` has no axis 3 in [batch, 4]: its axes are 0 to 2 [D0314]"
        );
    }

    #[test]
    fn permute_names_each_axis_once() {
        let bench = Bench::bracketed("permute", "0, 2, seq");
        assert_eq!(bench.shape("[batch, seq, 4]"), "[batch, 4, seq]");
        assert_eq!(
            bench.forward("[batch, seq, 4]").as_deref(),
            Some("x . permute ([0usize , 2usize , 1usize])")
        );
        let fault = |axes, input| Bench::bracketed("permute", axes).fault(input);
        assert_eq!(
            fault("1, 0", "[batch, 4, 8]"),
            "`permute[1, 0]` names 2 axes, but is given [batch, 4, 8] of rank 3 [D0305]"
        );
        assert_eq!(
            fault("0, 1, 1", "[batch, 4, 8]"),
            "`permute[0, 1, 1]` names axis 1 twice [D0315]"
        );
        assert_eq!(
            fault("0, sqe", "[batch, seq]"),
            "`permute` has no axis `sqe` in [batch, seq] [D0314]\n\n         = help: did you mean `seq`?"
        );
    }
}
