//! A part of one tensor: `narrow`.

use diagram_core::dim::{Fact, Facts, Op, Positivity, simplify};
use diagram_core::{Call, Code, Dim, Fault, Product, Where, Wrong, check};

use super::layer::Layer;
use super::samples::off_the_first_axis;
use super::site::{Site, with_values};
use crate::parameter::{Parameter, ParameterKind};

pub(super) static LAYERS: [Layer; 1] = [Layer::new(
    "narrow",
    &[
        Parameter::new("axis", ParameterKind::Axis, "the axis that is cut")
            .aliases(&["dim"])
            .positional()
            .required(),
        Parameter::new(
            "start",
            ParameterKind::Offset,
            "the number of entries before the part",
        )
        .positional()
        .required(),
        Parameter::new(
            "length",
            ParameterKind::Extent,
            "the number of entries in the part",
        )
        .positional()
        .required(),
    ],
    narrow,
)
.sample_wise_where(off_the_first_axis)
.rule("any kind; so many entries along the axis")
.keeping_numbers()];

/// The entries `start..start + length` along an axis.
fn narrow(call: &Call, site: &Site<'_>) -> Result<Product, Wrong> {
    let axis = call.required_axis("axis", site.input)?;
    let (Some(start), Some(length)) = (call.size("start"), call.size("length")) else {
        return call.missing("start");
    };
    let mut dims = site.input.dims.clone();
    let Some(extent) = dims.get_mut(axis) else {
        return call.missing("axis");
    };
    starts(site, start)?;
    let end = simplify(&Dim::binary(Op::Add, start.clone(), length.clone()));
    ends(site, (axis, extent), &end)?;
    *extent = length.clone();
    Ok(site.input.with_dims(dims).into())
}

/// Whether one size is at least another.
fn at_least(facts: &Facts, more: &Dim, less: &Dim) -> Positivity {
    let rest = Dim::binary(Op::Sub, more.clone(), less.clone());
    let symbols = rest.symbols();
    if !symbols.is_empty() && symbols.iter().all(|name| facts.is_constant(name)) {
        return match facts.left_to_rustc(more, less) {
            Some(_) => Positivity::Unknown,
            None => Positivity::Always,
        };
    }
    facts.positivity(&Dim::binary(Op::Add, rest, Dim::Literal(1)))
}

/// What to state for a size to be at least another.
fn stated(facts: &Facts, more: &Dim, less: &Dim) -> Option<String> {
    let fact = Fact::at_least(more.clone(), less.clone());
    let all = facts.given().iter().cloned().chain([fact.clone()]);
    let known = Facts::new(all.collect()).ok()?;
    let proved = at_least(&known, more, less) == Positivity::Always;
    check::stated(&[fact]).filter(|_| proved)
}

/// A part starts at an entry.
fn starts(site: &Site<'_>, start: &Dim) -> Result<(), Wrong> {
    let facts = site.facts;
    let shown = start.quoted();
    let zero = Dim::Literal(0);
    // What rustc decides was asked when the argument was read.
    let fault = match at_least(facts, start, &zero) {
        Positivity::Always => return Ok(()),
        // error: `start` of `narrow` must be at least 0, but is `seq - 2` [D0312]
        Positivity::Never { witness, .. } | Positivity::Sometimes { witness, .. } => {
            let message = format!("`start` of `narrow` must be at least 0, but is {shown}");
            with_values(Fault::new(Code::ArgumentRange, message), &witness)
        }
        // error: `start` of `narrow` is `a / b - c`, which is not known to be at least 0 [D0308]
        Positivity::Unknown => {
            let message =
                format!("`start` of `narrow` is {shown}, which is not known to be at least 0");
            Fault::new(Code::Undecided, message)
        }
    };
    let (more, less) = match start {
        Dim::Binary(Op::Sub, more, less) => (&**more, &**less),
        start => (start, &zero),
    };
    let help = stated(facts, more, less).map(|fact| format!("state that it is: {fact}"));
    Err((Where::argument("start"), fault.maybe_help(help)))
}

/// A part ends with the axis at the latest.
fn ends(site: &Site<'_>, (axis, extent): (usize, &Dim), end: &Dim) -> Result<(), Wrong> {
    let facts = site.facts;
    let ends = format!("`{}` ends at {}", site.text, end.quoted());
    let bound = facts.left_to_rustc(extent, end);
    let beyond = || {
        let message = format!(
            "{ends}, but axis {axis} of {} is {}",
            site.input,
            extent.quoted()
        );
        Fault::new(Code::AxisMismatch, message)
    };
    let fault = match at_least(facts, extent, end) {
        Positivity::Always => return Ok(()),
        // error: `narrow(1, 0, 12)` ends at 12, but axis 1 of [batch, 10] is 10 [D0301]
        Positivity::Never { witness, .. } | Positivity::Sometimes { witness, .. } => {
            with_values(beyond(), &witness)
        }
        Positivity::Unknown if bound.is_some() => beyond().unless(bound),
        // error: `narrow(1, 0, a / b)` ends at `a / b`, which is not known to be at most `c` [D0308]
        Positivity::Unknown => {
            let message = format!(
                "{ends}, which is not known to be at most {}",
                extent.quoted()
            );
            let given = format!("it is given {}", site.input);
            Fault::new(Code::Undecided, message).note(given)
        }
    };
    let help = stated(facts, extent, end).map(|fact| format!("state that it does not: {fact}"));
    Err((Where::argument("length"), fault.maybe_help(help)))
}
