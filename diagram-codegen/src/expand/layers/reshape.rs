//! The code of shapes in brackets.

use quote::quote;

use super::{Code, extents};

pub(super) static CODE: [(&str, Code); 2] = [
    ("reshape", |at| {
        let (dims, rank) = (at.call.dims(), at.output().len());
        extents::built(
            at,
            dims,
            true,
            |sizes| quote!(x.reshape::<#rank, _>([#(#sizes),*])),
        )
    }),
    ("expand", |at| {
        let (dims, rank) = (at.call.dims(), at.output().len());
        extents::built(
            at,
            dims,
            false,
            |sizes| quote!(x.expand::<#rank, _>([#(#sizes),*])),
        )
    }),
];

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn reshape_reads_its_extents_from_the_input() {
        for (dims, input, code) in [
            (
                "batch, 8, 8",
                "[batch, 64]",
                "{ let axes = x . dims () ; x . reshape :: < 3usize , _ > ([axes [0usize] , 8 , 8]) }",
            ),
            ("4, 4", "Int[16]", "x . reshape :: < 2usize , _ > ([4 , 4])"),
            (
                "batch * seq, 8",
                "[batch, seq, 8]",
                "{ let axes = x . dims () ; x . reshape :: < 2usize , _ > ([axes [0usize] * axes [1usize] , 8]) }",
            ),
            (
                "batch, hidden, kernel",
                "[batch, hidden * kernel]",
                "{ let axes = x . dims () ; x . reshape :: < 3usize , _ > ([axes [0usize] , layer [0usize] , layer [1usize]]) }",
            ),
        ] {
            let bench = Bench::bracketed("reshape", dims);
            assert!(bench.shape(input).ends_with(&format!("[{dims}]")));
            assert_eq!(bench.forward(input).as_deref(), Some(code));
        }
        let bench = Bench::bracketed("reshape", "batch, hidden, kernel");
        assert_eq!(
            bench.init("[batch, hidden * kernel]"),
            "[self . hidden , self . kernel]"
        );
        assert_eq!(bench.ty("[batch, hidden * kernel]"), "[usize ; 2usize]");
    }

    #[test]
    fn one_extent_follows_from_the_others() {
        let bench = Bench::bracketed("reshape", "batch, 4, 8");
        assert_eq!(
            bench.forward("[batch * 4, 8]").as_deref(),
            Some(
                "{ let axes = x . dims () ; x . reshape :: < 3usize , _ > ([axes [0usize] * axes [1usize] / \
                 ((4) * (8)) , 4 , 8]) }"
            )
        );
    }

    /// A value that neither an axis nor the number of elements tells is told by the call.
    #[test]
    fn others_are_read_from_the_call() {
        for (name, dims, input, code, told) in [
            (
                "reshape",
                "batch, seq, hidden",
                "[batch * seq, hidden]",
                "{ let axes = x . dims () ; x . reshape :: < 3usize , _ > ([batch , seq , axes [1usize]]) }",
                &["batch", "seq"][..],
            ),
            (
                "expand",
                "seq, batch, 8",
                "[batch, 8]",
                "{ let axes = x . dims () ; x . expand :: < 3usize , _ > ([seq , axes [0usize] , 8]) }",
                &["seq"],
            ),
            (
                "expand",
                "2 * seq, 8",
                "[1, 8]",
                "x . expand :: < 2usize , _ > ([2 * seq , 8])",
                &["seq"],
            ),
            (
                "reshape",
                "batch * seq",
                "[batch, seq]",
                "{ let axes = x . dims () ; x . reshape :: < 1usize , _ > ([axes [0usize] * axes [1usize]]) }",
                &[],
            ),
        ] {
            let bench = Bench::bracketed(name, dims);
            assert_eq!(bench.told(input), told);
            assert_eq!(bench.forward(input).as_deref(), Some(code));
        }
    }

    #[test]
    fn reshape_keeps_the_number_of_elements() {
        let fault = |dims, input| Bench::bracketed("reshape", dims).fault(input);
        assert_eq!(
            fault("batch, 8, 9", "[batch, 64]"),
            "`reshape[batch, 8, 9]` has `72 * batch` elements, but is given [batch, 64] with `64 * batch` \
             [D0316]\n\n         = help: `reshape[batch, 8, 8]`"
        );
        assert_eq!(
            fault("batch, 7", "[batch, hidden]"),
            "`reshape[batch, 7]` has `7 * batch` elements, but is given [batch, hidden] with `batch * \
             hidden` [D0316]\n\n         = note: at `hidden` = 1\n\
             \u{20}        = help: state what makes them equal: `where hidden == 7;`"
        );
        assert_eq!(
            fault("", "[batch]"),
            "`reshape[]` leaves no axis: a shape has at least one [D0305]"
        );
    }

    #[test]
    fn expand_copies_along_axes_of_one() {
        let bench = Bench::bracketed("expand", "batch, seq, 8");
        assert_eq!(bench.shape("[batch, seq, 1]"), "[batch, seq, 8]");
        assert_eq!(
            bench.forward("[batch, seq, 1]").as_deref(),
            Some(
                "{ let axes = x . dims () ; x . expand :: < 3usize , _ > ([axes [0usize] , axes [1usize] , 8]) }"
            )
        );
        assert_eq!(
            Bench::bracketed("expand", "4, batch, 8").shape("[batch, 8]"),
            "[4, batch, 8]"
        );
        let fault = |dims, input| Bench::bracketed("expand", dims).fault(input);
        assert_eq!(
            fault("batch, 8", "[batch, 4]"),
            "`expand[batch, 8]` makes axis 1 of [batch, 4] 8, but only an axis of extent 1 grows [D0301]"
        );
        assert_eq!(
            fault("8", "[batch, 8]"),
            "`expand[8]` drops an axis of [batch, 8]: it only adds some [D0305]"
        );
    }
}
