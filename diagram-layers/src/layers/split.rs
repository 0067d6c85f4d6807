//! One tensor to several: `split`, `chunk`.

use diagram_core::dim::{Comparison, Op, simplify};
use diagram_core::{Call, Code, Dim, Fault, Product, Where, Wrong};

use super::layer::{Layer, known};
use super::samples::off_the_first_axis;
use super::site::{Site, at};
use crate::parameter::{Parameter, ParameterKind};

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
    .sample_wise_where(off_the_first_axis)
    .rule("any kind; one tensor per part, with its size along the axis"),
    Layer::new(
        "chunk",
        &[
            Parameter::new("chunks", ParameterKind::Size, "the number of equal parts")
                .positional()
                .required(),
            AXIS,
        ],
        chunk,
    )
    .sample_wise_where(off_the_first_axis)
    .rule("any kind; so many tensors, of equal extent along the axis"),
];

const AXIS: Parameter = Parameter::new("axis", ParameterKind::Axis, "the axis that is cut")
    .aliases(&["dim"])
    .positional()
    .required();

/// How many parts there may be: longer tuples are no values that Rust can copy.
const PARTS: i128 = 12;

/// Parts of given sizes, as Burn's `split_with_sizes`; of one size for all, as its `split`.
fn split(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axis = call.required_axis("axis", site.input)?;
    let (Some(extent), Some(sizes)) = (site.input.dims.get(axis), call.sizes("sizes")) else {
        return call.missing("sizes");
    };
    let sizes = match sizes {
        [all] if site.compare(all, extent) != Comparison::Equal => {
            each(call, site, (axis, extent), all)?
        }
        sizes => sizes.to_vec(),
    };
    few(call, "sizes", sizes.len() as i128)?;
    let sum = sizes.iter().cloned();
    let sum = sum.reduce(|sum, size| Dim::binary(Op::Add, sum, size));
    let sum = simplify(&sum.unwrap_or(Dim::Literal(0)));
    let fault = match site.compare(&sum, extent) {
        Comparison::Equal => return Ok(with_parts(site, axis, &sizes)),
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
            at(Fault::new(Code::AxisMismatch, message), &comparison)
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
    Err((Where::argument("sizes"), fault.maybe_help(help)))
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
    call: &Call,
    site: &Site<'_>,
    (axis, extent): (usize, &Dim),
    part: &Dim,
) -> Result<Vec<Dim>, Wrong> {
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
        return Err((Where::argument("sizes"), fault));
    };
    let whole = all.checked_div(one).unwrap_or_default();
    few(call, "sizes", whole)?;
    let mut sizes = vec![part.clone(); usize::try_from(whole).unwrap_or_default()];
    let left = u64::try_from(all - whole * one).unwrap_or_default();
    if left > 0 {
        sizes.push(Dim::Literal(left));
    }
    Ok(sizes)
}

// error: `chunk` makes at most 12 parts, and here 100 [D0312]
fn few(call: &Call, name: &str, count: i128) -> Result<(), Wrong> {
    if count <= PARTS {
        return Ok(());
    }
    let message = format!(
        "`{}` makes at most {PARTS} parts, and here {count}",
        &call.name
    );
    Err((
        Where::argument(name),
        Fault::new(Code::ArgumentRange, message),
    ))
}

/// So many equal parts, as Burn's `chunk` where it divides.
fn chunk(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axis = call.required_axis("axis", site.input)?;
    let (Some(extent), Some(chunks)) = (site.input.dims.get(axis), call.size("chunks")) else {
        return call.missing("chunks");
    };
    let Some(count) = known(chunks) else {
        // error: how many parts `chunk(heads, axis = 1)` has must be written as a number [D0311]
        let message = format!(
            "how many parts `{}` has must be written as a number",
            site.text
        );
        let fault = Fault::new(Code::ArgumentType, message)
            .note("each part is a factor of its own, and the factors of a product are drawn");
        return Err((Where::argument("chunks"), fault));
    };
    few(call, "chunks", count)?;
    site.divides(call, "chunks", &format!("axis {axis}"), extent)?;
    let part = simplify(&Dim::binary(Op::Div, extent.clone(), chunks.clone()));
    let count = usize::try_from(count).unwrap_or_default();
    Ok(with_parts(site, axis, &vec![part; count]))
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
