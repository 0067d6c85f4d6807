//! Shapes that are given in brackets: `reshape`, `expand`.

use diagram_core::cost::product;
use diagram_core::dim::Comparison;
use diagram_core::{Call, Code, Dim, Fault, Product, Wrong, check};

use super::layer::{Layer, known};
use super::site::{Site, at};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 2] = [
    Layer::new("reshape", DIMS, reshape)
        .sample_wise()
        .rule("any kind: the same elements in the same order")
        .keeping_numbers(),
    Layer::new("expand", DIMS, expand)
        // A new axis in front holds copies of all samples.
        .sample_wise_where(|call, site, _| call.dims().len() == site.input.rank())
        .rule("any kind: copies along axes of extent 1, and along new ones in front")
        .keeping_numbers(),
];

const DIMS: &[Parameter] =
    &[Parameter::new("dims", ParameterKind::Dims, "the extents after it").positional()];

/// The same elements, in the same order, as another shape.
fn reshape(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let dims = call.dims();
    some(site, dims)?;
    same_count(site, dims)?;
    Ok(site.input.with_dims(dims.to_vec()).into())
}

/// Copies along axes of extent 1, and along new ones in front: the only broadcast.
fn expand(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let dims = call.dims();
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
                at(Fault::new(Code::AxisMismatch, message), &comparison)
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
    Ok(site.input.with_dims(dims.to_vec()).into())
}

// error: `reshape` leaves no axis: a shape has at least one [D0305]
fn some(site: &Site<'_>, dims: &[Dim]) -> Result<(), Wrong> {
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

fn same_count(site: &Site<'_>, dims: &[Dim]) -> Result<(), Wrong> {
    let (before, after) = unshared(site, dims);
    let (given, wanted) = (product(&before), product(&after));
    let counts = (product(&site.input.dims).quoted(), product(dims).quoted());
    let agree = || check::agree_where(site.facts, &given, &wanted);
    let fault = match site.compare(&given, &wanted) {
        Comparison::Equal => return Ok(()),
        // error: `reshape[batch, 8, 9]` has `72 * batch` elements, but is given [batch, 64] with `64 * batch`
        // [D0316]
        comparison @ (Comparison::Different { .. } | Comparison::Constant(_)) => {
            let message = format!(
                "`{}` has {} elements, but is given {} with {}",
                site.text, counts.1, site.input, counts.0
            );
            let fault = at(Fault::new(Code::ElementCount, message), &comparison);
            // error: `reshape[batch, 4, c]` has `4 * batch * c` elements, but is given [batch, a, b] with
            // `batch * a * b` [D0316], which proposes `where a * b == 4 * c;`
            let fits = last_that_fits(dims, &given, &wanted);
            fault.maybe_help(fits.or_else(agree))
        }
        // error: `reshape[batch, a / b]` has `batch * (a / b)` elements, which is not known to be `batch * a`
        // [D0308]
        Comparison::Unknown => {
            let message = format!(
                "`{}` has {} elements, which is not known to be {}",
                site.text, counts.1, counts.0
            );
            let fault = Fault::new(Code::Undecided, message);
            let fault = fault.note(format!("it is given {}", site.input));
            fault.maybe_help(agree())
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
