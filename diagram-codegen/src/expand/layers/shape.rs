//! The code of shape operations that keep every element.

use diagram_layers::layers::squeezed;
use quote::quote;

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 5] = [
    ("flatten", |at| match at.input().len() {
        // Its two axes stay as they are.
        ..=2 => Built::function(quote!(x)),
        rank => {
            let last = rank - 1;
            Built::function(quote!(x.flatten::<2>(1usize, #last)))
        }
    }),
    ("squeeze", squeeze),
    ("unsqueeze", unsqueeze),
    ("permute", |at| {
        let axes = at.inputs.first().map(|input| at.call.axes(input));
        let axes = axes.and_then(Result::ok).unwrap_or_default();
        Built::function(quote!(x.permute([#(#axes),*])))
    }),
    ("identity", |_| Built::function(quote!(x))),
];

/// By number, because Burn's own `squeeze` drops every axis of extent 1 in the call, a batch of one among them.
fn squeeze(at: &At<'_>) -> Built {
    let dropped = at.inputs.first();
    let dropped = dropped.map(|input| squeezed(at.call, input, &at.scope.facts));
    let dropped = dropped.and_then(Result::ok).unwrap_or_default();
    let rank = at.output().len();
    Built::function(quote!(x.squeeze_dims::<#rank>(&[#(#dropped),*])))
}

fn unsqueeze(at: &At<'_>) -> Built {
    let axis = at
        .inputs
        .first()
        .map(|input| at.call.new_axis("axis", input));
    let axis = axis.and_then(Result::ok).unwrap_or_default();
    let rank = at.output().len();
    Built::function(quote!(x.unsqueeze_dim::<#rank>(#axis)))
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

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
