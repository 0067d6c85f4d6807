//! The code of layers that make one tensor of several.

use quote::{format_ident, quote};

use super::{At, Built, Code};

pub(super) static CODE: [(&str, Code); 3] = [
    ("concat", |at| {
        let (burn, inputs, axis) = (at.burn, at.input_idents(), at.axis("axis"));
        Built::function(quote!(#burn::tensor::Tensor::cat(::std::vec![#(#inputs),*], #axis)))
    }),
    ("add", |at| combined(at, "add")),
    ("multiply", |at| combined(at, "mul")),
];

/// Burn's function of two, from the first to the last.
fn combined(at: &At<'_>, function: &str) -> Built {
    let function = format_ident!("{function}");
    let all = at.input_idents().into_iter().map(|input| quote!(#input));
    let forward = all.reduce(|all, input| quote!(#all.#function(#input)));
    Built::function(forward.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn extents_along_the_axis_are_added() {
        for (axis, input, output) in [
            ("1", "[batch, 4] * [batch, 8]", "[batch, 12]"),
            (
                "seq",
                "[batch, seq, 4] * [batch, 1, 4] * [batch, hidden, 4]",
                "[batch, seq + hidden + 1, 4]",
            ),
            ("0", "Int[batch] * Int[batch]", "Int[2 * batch]"),
        ] {
            assert_eq!(Bench::new("concat", axis).shape(input), output);
        }
        assert_eq!(
            Bench::new("concat", "1")
                .forward("[batch, 4] * [batch, 8]")
                .as_deref(),
            Some("burn :: tensor :: Tensor :: cat (:: std :: vec ! [x , x1] , 1usize)")
        );
    }

    #[test]
    fn elements_of_one_place_are_joined() {
        let forward = |name| Bench::new(name, "").forward("[batch, 4] * [batch, 4] * [batch, 4]");
        assert_eq!(forward("add").as_deref(), Some("x . add (x1) . add (x2)"));
        assert_eq!(
            forward("multiply").as_deref(),
            Some("x . mul (x1) . mul (x2)")
        );
        assert_eq!(
            Bench::new("add", "").shape("Int[batch, seq] * Int[batch, seq]"),
            "Int[batch, seq]"
        );
    }

    #[test]
    fn what_cannot_be_joined() {
        let fault = |name, axis, input| Bench::new(name, axis).fault(input);
        assert_eq!(
            fault("concat", "1", "[batch, 4]"),
            "`concat` takes several tensors, but is given one: [batch, 4] [D0318]\n\n\
             \u{20}        = note: layers side by side give several: `(linear, linear) >> concat(1)`\n\
             \u{20}        = note: each must have the shape [batch, _], where `_` is any extent"
        );
        assert_eq!(
            fault("concat", "1", "[batch, 4] * [batch, 4, 2]"),
            "`concat` takes tensors of one rank, but factor 0 has 2 axes and factor 1 has 3 [D0302]\n\n\
             \u{20}        = note: factor 0 : [batch, 4]\n         = note: factor 1 : [batch, 4, 2]"
        );
        assert_eq!(
            fault("concat", "0", "[batch, 4] * Int[batch, 4]"),
            "`concat` takes tensors of one kind, but factor 0 is Float and factor 1 is Int [D0304]\n\n\
             \u{20}        = note: factor 0 : [batch, 4]\n         = note: factor 1 : Int[batch, 4]"
        );
        assert_eq!(
            fault("concat", "1", "[4, 2, 8] * [4, 3, 7]"),
            "`concat` takes tensors that are equal except along axis 1, but axis 2 is 8 in factor 0 and 7 in \
             factor 1 [D0301]\n\n\
             \u{20}        = note: factor 0 : [4, 2, 8]\n         = note: factor 1 : [4, 3, 7]"
        );
        assert_eq!(
            fault("add", "", "[batch, 64] * [batch, 1]"),
            "`add` takes tensors of one shape, but axis 1 is 64 in factor 0 and 1 in factor 1 [D0301]\n\n\
             \u{20}        = note: factor 0 : [batch, 64]\n         = note: factor 1 : [batch, 1]\n\
             \u{20}        = note: an axis of extent 1 grows by `expand[..]` only"
        );
        assert_eq!(
            fault("multiply", "", "Bool[batch] * Bool[batch]"),
            "`multiply` takes Float or Int, but is given Bool[batch] * Bool[batch] [D0304]"
        );
        assert_eq!(
            fault("concat", "sqe", "[batch, seq] * [batch, seq]"),
            "`concat` has no axis `sqe` in [batch, seq] [D0314]\n\n         = help: did you mean `seq`?"
        );
    }
}
