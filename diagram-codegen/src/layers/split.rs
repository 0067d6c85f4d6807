//! One tensor to several: `split`, `chunk`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Code, Dim, Fault, Product};
use proc_macro2::TokenStream;
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::{Built, Layer, Site, extents, known};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new(
        "split",
        &[
            Parameter::new(
                "sizes",
                ParameterKind::Parts,
                "the extent of each part, or of all but a smaller last one",
            )
            .aliases(&["split_sizes", "split_size"])
            .positional()
            .required(),
            AXIS,
        ],
        split,
    )
    .rule("any kind; a tensor a part, which has its size along the axis"),
    Layer::new(
        "chunk",
        &[
            Parameter::new("chunks", ParameterKind::Size, "how many equal parts")
                .positional()
                .required(),
            AXIS,
        ],
        chunk,
    )
    .rule("any kind; so many tensors, of equal extent along the axis"),
];

const AXIS: Parameter = Parameter::new("axis", ParameterKind::Axis, "the axis that is cut")
    .aliases(&["dim"])
    .positional()
    .required();

/// How many parts there may be: longer tuples are no values that Rust can copy.
const PARTS: i128 = 12;

/// Parts of given sizes, as Burn's `split_with_sizes`; of one size for all, as its `split`.
fn split(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axis = arguments.required_axis("axis", site.input)?;
    let (Some(extent), Some(sizes)) = (site.input.dims.get(axis), arguments.sizes("sizes")) else {
        return arguments.missing("sizes");
    };
    let sizes = match sizes {
        [all] if site.compare(all, extent) != Comparison::Equal => {
            each(arguments, site, (axis, extent), all)?
        }
        sizes => sizes.to_vec(),
    };
    few(arguments, "sizes", sizes.len() as i128)?;
    let sum = sizes.iter().cloned();
    let sum = sum.reduce(|sum, size| Dim::binary(Op::Add, sum, size));
    let sum = simplify(&sum.unwrap_or(Dim::Literal(0)));
    let fault = match site.compare(&sum, extent) {
        Comparison::Equal => return Ok(cut(site, axis, &sizes)),
        // error: the parts of `split([64, 32], axis = 1)` are 96 in all, but axis 1 of [batch, 100] is 100
        // [D0301]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "the parts of `{}` are {} in all, but axis {axis} of {} is {}",
                site.text,
                sum.quoted(),
                site.input,
                extent.quoted()
            );
            super::at(Fault::new(Code::AxisMismatch, message), &comparison)
        }
        // error: the parts of `split([a, b], axis = 1)` are `a + b` in all, which is not known to be `c`
        // [D0308]
        Comparison::Unknown => {
            let message = format!(
                "the parts of `{}` are {} in all, which is not known to be {}",
                site.text,
                sum.quoted(),
                extent.quoted()
            );
            Fault::new(Code::Undecided, message).note(format!("it is given {}", site.input))
        }
    };
    let help = rest(&sizes, extent);
    Err((arguments.place("sizes"), fault.maybe_help(help)))
}

/// The list of sizes whose last one is the rest: `[64, 36]`.
fn rest(sizes: &[Dim], extent: &Dim) -> Option<String> {
    let (_, others) = sizes.split_last()?;
    let rest = others.iter().cloned().fold(extent.clone(), |rest, size| {
        Dim::binary(Op::Sub, rest, size)
    });
    let rest = simplify(&rest);
    let possible = known(&rest).is_none_or(|rest| rest > 0);
    let mut shown: Vec<_> = others.iter().map(ToString::to_string).collect();
    shown.push(rest.to_string());
    let fits = possible && !others.is_empty();
    fits.then(|| format!("the last part is the rest: `[{}]`", shown.join(", ")))
}

/// Parts of one size, and a last one of what is left: how many there are must be known now.
fn each(
    arguments: &Arguments,
    site: &Site<'_>,
    (axis, extent): (usize, &Dim),
    part: &Dim,
) -> Result<Vec<Dim>, Placed> {
    let (Some(all), Some(one)) = (known(extent), known(part).filter(|one| *one > 0)) else {
        // error: how many parts `split(32, axis = seq)` has is not known: axis 1 of [batch, seq] is `seq`
        // [D0311]
        let message = format!(
            "how many parts `{}` has is not known: axis {axis} of {} is {}",
            site.text,
            site.input,
            extent.quoted()
        );
        let fault = Fault::new(Code::ArgumentType, message).note(
            "`split([a, b], ..)` has parts of given sizes, and `chunk(2, ..)` two equal ones",
        );
        return Err((arguments.place("sizes"), fault));
    };
    let whole = all.checked_div(one).unwrap_or_default();
    few(arguments, "sizes", whole)?;
    let mut sizes = vec![part.clone(); usize::try_from(whole).unwrap_or_default()];
    let left = u64::try_from(all - whole * one).unwrap_or_default();
    if left > 0 {
        sizes.push(Dim::Literal(left));
    }
    Ok(sizes)
}

// error: `chunk` makes at most 12 parts, and here 100 [D0312]
fn few(arguments: &Arguments, name: &str, count: i128) -> Result<(), Placed> {
    if count <= PARTS {
        return Ok(());
    }
    let message = format!(
        "`{}` makes at most {PARTS} parts, and here {count}",
        arguments.of()
    );
    Err((
        arguments.place(name),
        Fault::new(Code::ArgumentRange, message),
    ))
}

/// So many equal parts, as Burn's `chunk` where it divides.
fn chunk(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axis = arguments.required_axis("axis", site.input)?;
    let (Some(extent), Some(chunks)) = (site.input.dims.get(axis), arguments.size("chunks")) else {
        return arguments.missing("chunks");
    };
    let Some(count) = known(chunks) else {
        // error: how many parts `chunk(heads, axis = 1)` has must be written as a number [D0311]
        let message = format!(
            "how many parts `{}` has must be written as a number",
            site.text
        );
        let fault = Fault::new(Code::ArgumentType, message)
            .note("each part is a factor of its own, and the factors of a product are drawn");
        return Err((arguments.place("chunks"), fault));
    };
    few(arguments, "chunks", count)?;
    site.divides(arguments, "chunks", &format!("axis {axis}"), extent)?;
    let part = simplify(&Dim::binary(Op::Div, extent.clone(), chunks.clone()));
    let count = usize::try_from(count).unwrap_or_default();
    let code = quote!(x.dims()[#axis] / #count);
    let sizes = vec![part; count];
    let parts = parts(axis, count, |index| quote!(#index * size), |_| quote!(size));
    Ok(Built::function(
        with_parts(site, axis, &sizes),
        quote!({ let size = #code; #parts }),
    ))
}

/// The tensors after a cut.
fn with_parts(site: &Site<'_>, axis: usize, sizes: &[Dim]) -> Product {
    let factors = sizes.iter().map(|size| {
        let mut shape = site.input.clone();
        if let Some(extent) = shape.dims.get_mut(axis) {
            *extent = size.clone();
        }
        shape
    });
    Product(factors.collect())
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
    crate::lower::tuple(&parts)
}

/// The cut into parts of these sizes.
fn cut(site: &Site<'_>, axis: usize, sizes: &[Dim]) -> Built {
    let output = with_parts(site, axis, sizes);
    extents::read(site, sizes, false).built(output, |codes| {
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

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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
