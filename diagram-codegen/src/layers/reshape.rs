//! Shapes that are given in brackets: `reshape`, `expand`.

use diagram_core::cost::product;
use diagram_core::dim::Comparison;
use diagram_core::{Code, Dim, Fault};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::extents;
use super::{Built, Layer, Site, known};
use crate::lower::scope::Placed;

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new("reshape", DIMS, reshape)
        .rule("any kind: the same elements in the same order")
        .keeping_numbers(),
    Layer::new("expand", DIMS, expand)
        .rule("any kind: copies along axes of extent 1, and along new ones in front")
        .keeping_numbers(),
];

const DIMS: &[Parameter] =
    &[Parameter::new("dims", ParameterKind::Dims, "the extents after it").positional()];

/// The same elements, in the same order, as another shape.
fn reshape(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let dims = arguments.dims();
    some(site, dims)?;
    same_count(site, dims)?;
    let (rank, output) = (dims.len(), site.input.with_dims(dims.to_vec()));
    let extents = extents::read(site, dims, true);
    Ok(extents.built(output, |sizes| quote!(x.reshape::<#rank, _>([#(#sizes),*]))))
}

/// Copies along axes of extent 1, and along new ones in front: the only broadcast.
fn expand(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let dims = arguments.dims();
    some(site, dims)?;
    let Some(new) = dims.len().checked_sub(site.input.rank()) else {
        // error: `expand[8]` drops an axis of [batch, 8]: it only adds some [D0305]
        let message = format!(
            "`{}` drops an axis of {}: it only adds some",
            site.text, site.input
        );
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    };
    let old = dims.iter().skip(new).zip(&site.input.dims);
    for (axis, (to, from)) in old.enumerate() {
        let (wanted, given) = (to.quoted(), from.quoted());
        let comparison = if known(from) == Some(1) {
            Comparison::Equal
        } else {
            site.compare(from, to)
        };
        let fault = match comparison {
            Comparison::Equal => continue,
            // error: `expand[batch, 8]` makes axis 1 of [batch, 4] 8, but only an axis of extent 1 grows
            // [D0301]
            comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
                let message = format!(
                    "`{}` makes axis {axis} of {} {wanted}, but only an axis of extent 1 grows",
                    site.text, site.input
                );
                super::at(Fault::new(Code::AxisMismatch, message), &comparison)
            }
            // error: `expand[a / b]` makes axis 0 `a / b`, which is not known to be `a` [D0308]
            Comparison::Unknown => {
                let message = format!(
                    "`{}` makes axis {axis} {wanted}, which is not known to be {given}",
                    site.text
                );
                Fault::new(Code::Undecided, message)
            }
        };
        return Err(site.fault(fault));
    }
    let (rank, output) = (dims.len(), site.input.with_dims(dims.to_vec()));
    let extents = extents::read(site, dims, false);
    Ok(extents.built(output, |sizes| quote!(x.expand::<#rank, _>([#(#sizes),*]))))
}

// error: `reshape` leaves no axis: a shape has at least one [D0305]
fn some(site: &Site<'_>, dims: &[Dim]) -> Result<(), Placed> {
    if dims.is_empty() {
        let message = format!("`{}` leaves no axis: a shape has at least one", site.text);
        return Err(site.fault(Fault::new(Code::LayerRank, message)));
    }
    Ok(())
}

/// What is left of two shapes after the axes that they share: fewer symbols, so more is decided.
fn unshared(site: &Site<'_>, dims: &[Dim]) -> (Vec<Dim>, Vec<Dim>) {
    let (mut before, mut after) = (site.input.dims.clone(), dims.to_vec());
    before.retain(|dim| {
        let shared = after
            .iter()
            .position(|other| site.compare(dim, other) == Comparison::Equal);
        shared.map(|shared| after.remove(shared)).is_none()
    });
    (before, after)
}

fn same_count(site: &Site<'_>, dims: &[Dim]) -> Result<(), Placed> {
    let (before, after) = unshared(site, dims);
    let (given, wanted) = (product(&before), product(&after));
    let counts = (product(&site.input.dims).quoted(), product(dims).quoted());
    let fault = match site.compare(&given, &wanted) {
        Comparison::Equal => return Ok(()),
        // error: `reshape[batch, 8, 9]` has `72 * batch` elements, but is given [batch, 64] with `64 * batch`
        // [D0316]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "`{}` has {} elements, but is given {} with {}",
                site.text, counts.1, site.input, counts.0
            );
            let fault = super::at(Fault::new(Code::ElementCount, message), &comparison);
            fault.maybe_help(last_that_fits(dims, &given, &wanted))
        }
        // error: `reshape[batch, a / b]` has `batch * (a / b)` elements, which is not known to be `batch * a`
        // [D0308]
        Comparison::Unknown => {
            let message = format!(
                "`{}` has {} elements, which is not known to be {}",
                site.text, counts.1, counts.0
            );
            Fault::new(Code::Undecided, message).note(format!("it is given {}", site.input))
        }
    };
    Err(site.fault(fault))
}

/// The reshape with another last extent, where one fits: `reshape[batch, 8, 8]`.
fn last_that_fits(dims: &[Dim], given: &Dim, wanted: &Dim) -> Option<String> {
    let (last, rest) = dims.split_last()?;
    let (given, wanted, last) = (known(given)?, known(wanted)?, known(last)?);
    let fits = given
        .checked_mul(last)
        .filter(|count| count % wanted == 0)?
        / wanted;
    let mut shown: Vec<_> = rest.iter().map(ToString::to_string).collect();
    shown.push(fits.to_string());
    Some(format!("`reshape[{}]`", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

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
             hidden` [D0316]\n\n         = note: at `hidden` = 1"
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
