//! The code of layers that make several tensors of one.

use diagram_core::Dim;
use proc_macro2::TokenStream;
use quote::quote;

use super::{At, Built, Code, extents};
use crate::idents::tuple;

pub(super) static CODE: [(&str, Code); 2] = [("split", split), ("chunk", chunk)];

/// Parts of these sizes, each from where those before it end.
fn split(at: &At<'_>) -> Built {
    let axis = at.axis("axis");
    let sizes = at.output.0.iter();
    let sizes: Vec<Dim> = sizes
        .filter_map(|part| part.dims.get(axis).cloned())
        .collect();
    extents::built(at, &sizes, false, |codes| {
        let start = |index: usize| {
            let before = (0..index).map(|before| quote!(sizes[#before]));
            before
                .reduce(|sum, size| quote!(#sum + #size))
                .unwrap_or_else(|| quote!(0))
        };
        let count = codes.len();
        let parts = parts(axis, count, start, |index| quote!(sizes[#index]));
        quote!({ let sizes: [usize; #count] = [#(#codes),*]; #parts })
    })
}

/// Equal parts.
fn chunk(at: &At<'_>) -> Built {
    let (axis, count) = (at.axis("axis"), at.output.0.len());
    let parts = parts(axis, count, |index| quote!(#index * size), |_| quote!(size));
    Built::function(quote!({ let size = x.dims()[#axis] / #count; #parts }))
}

/// A tuple of so many parts of `x`, from `start` and of `size`.
fn parts(
    axis: usize,
    count: usize,
    start: impl Fn(usize) -> TokenStream,
    size: impl Fn(usize) -> TokenStream,
) -> TokenStream {
    let parts: Vec<_> = (0..count)
        .map(|index| {
            let (start, size) = (start(index), size(index));
            let x = if index + 1 < count {
                quote!(::core::clone::Clone::clone(&x))
            } else {
                quote!(x)
            };
            quote!(#x.narrow(#axis, #start, #size))
        })
        .collect();
    tuple(&parts)
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;

    #[test]
    fn a_tensor_falls_into_parts() {
        for (name, arguments, input, output) in [
            (
                "split",
                "[64, 32], axis = 1",
                "[batch, 96]",
                "[batch, 64] * [batch, 32]",
            ),
            ("split", "4, axis = 0", "Int[9]", "Int[4] * Int[4] * Int[1]"),
            ("split", "[1, seq], 1", "[batch, seq, 8]", "a fault"),
            (
                "split",
                "[hidden, hidden], axis = 1",
                "[batch, 2 * hidden]",
                "[batch, hidden] * [batch, hidden]",
            ),
            (
                "split",
                "hidden, hidden",
                "[batch, hidden]",
                "[batch, hidden]",
            ),
            (
                "chunk",
                "3, axis = 1",
                "[batch, 12]",
                "[batch, 4] * [batch, 4] * [batch, 4]",
            ),
            (
                "chunk",
                "2, 1",
                "[batch, 2 * seq]",
                "[batch, seq] * [batch, seq]",
            ),
        ] {
            if output == "a fault" {
                assert_eq!(
                    Bench::new(name, arguments).fault(input),
                    "the parts of `split([1, seq], 1)` are `seq + 1` in all, but axis 1 of [batch, seq, 8] \
                     is `seq` [D0301]\n\n         = note: at `seq` = 1\n         = help: the last part is \
                     the rest: `[1, seq - 1]`"
                );
            } else {
                assert_eq!(Bench::new(name, arguments).shape(input), output);
            }
        }
    }

    #[test]
    fn its_code_is_told_what_the_input_does_not_show() {
        let bench = Bench::new("split", "[hidden, seq], axis = 0");
        let input = "[seq + hidden]";
        assert_eq!(
            bench.forward(input).as_deref(),
            Some(
                "{ let sizes : [usize ; 2usize] = [layer [0usize] , seq] ; (:: core :: clone :: Clone :: \
                 clone (& x) . narrow (0usize , 0 , sizes [0usize]) , x . narrow (0usize , sizes [0usize] , \
                 sizes [1usize])) }"
            )
        );
        assert_eq!(bench.init(input), "[self . hidden]");
        assert_eq!(
            Bench::new("chunk", "2, axis = 1")
                .forward("[batch, 8]")
                .as_deref(),
            Some(
                "{ let size = x . dims () [1usize] / 2usize ; (:: core :: clone :: Clone :: clone (& x) . \
                 narrow (1usize , 0usize * size , size) , x . narrow (1usize , 1usize * size , size)) }"
            )
        );
    }

    #[test]
    fn what_cannot_be_cut() {
        let fault = |name, arguments, input| Bench::new(name, arguments).fault(input);
        assert_eq!(
            fault("split", "[64, 32], axis = 1", "[batch, 100]"),
            "the parts of `split([64, 32], axis = 1)` are 96 in all, but axis 1 of [batch, 100] is 100 \
             [D0301]\n\n         = help: the last part is the rest: `[64, 36]`"
        );
        assert_eq!(
            fault("split", "[64, 32], axis = 1", "[batch, 64]"),
            "the parts of `split([64, 32], axis = 1)` are 96 in all, but axis 1 of [batch, 64] is 64 [D0301]"
        );
        assert_eq!(
            fault("split", "4, axis = 1", "[batch, seq]"),
            "how many parts `split(4, axis = 1)` has is not known: axis 1 of [batch, seq] is `seq` \
             [D0311]\n\n         = note: `split([a, b], ..)` has parts of given sizes, and `chunk(2, ..)` two \
             equal ones"
        );
        assert_eq!(
            fault("split", "1, axis = 1", "[batch, 100]"),
            "`split` makes at most 12 parts, and here 100 [D0312]"
        );
        assert_eq!(
            fault("chunk", "3, axis = 1", "[batch, 64]"),
            "`chunks` of `chunk` is 3, which does not divide its axis 1, 64 [D0309]"
        );
        assert_eq!(
            fault("chunk", "2, axis = 1", "[batch, hidden]"),
            "`chunks` of `chunk` is 2, which does not divide its axis 1, `hidden` [D0309]\n\n\
             \u{20}        = note: at `hidden` = 1\n\
             \u{20}        = help: state that it does: `where hidden % 2 == 0;`"
        );
        assert_eq!(
            fault("chunk", "hidden, axis = 1", "[batch, 64]"),
            "how many parts `chunk(hidden, axis = 1)` has must be written as a number [D0311]\n\n\
             \u{20}        = note: each part is a factor of its own, and the factors of a product are drawn"
        );
    }
}
