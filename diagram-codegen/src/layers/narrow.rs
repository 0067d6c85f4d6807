//! A part of one tensor: `narrow`.

use diagram_core::dim::{Fact, Facts, Op, Positivity, simplify};
use diagram_core::{Code, Dim, Fault, check};
use quote::quote;

use super::arguments::{Arguments, Parameter, ParameterKind};
use super::window::{minus, plus};
use super::{Built, Layer, Site, extents};
use crate::lower::scope::Placed;

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
            "how many entries there are before the part",
        )
        .positional()
        .required(),
        Parameter::new(
            "length",
            ParameterKind::Extent,
            "how many entries the part has",
        )
        .positional()
        .required(),
    ],
    narrow,
)
.rule("any kind; so many entries along the axis")
.keeping_numbers()];

/// The entries `start..start + length` along an axis.
fn narrow(arguments: &Arguments, site: &Site<'_>) -> Result<Built, Placed> {
    let axis = arguments.required_axis("axis", site.input)?;
    let (Some(start), Some(length)) = (arguments.size("start"), arguments.size("length")) else {
        return arguments.missing("start");
    };
    let mut dims = site.input.dims.clone();
    let Some(extent) = dims.get_mut(axis) else {
        return arguments.missing("axis");
    };
    starts(arguments, site, start)?;
    let end = simplify(&plus(start.clone(), length.clone()));
    ends(arguments, site, (axis, extent), &end)?;
    *extent = length.clone();
    let output = site.input.with_dims(dims);
    let part = [start.clone(), length.clone()];
    Ok(extents::read(site, &part, false).built(output, |part| quote!(x.narrow(#axis, #(#part),*))))
}

/// Whether one size is at least another.
fn at_least(facts: &Facts, more: &Dim, less: &Dim) -> Positivity {
    let rest = minus(more.clone(), less.clone());
    let symbols = rest.symbols();
    if !symbols.is_empty() && symbols.iter().all(|name| facts.is_constant(name)) {
        return match facts.left_to_rustc(more, less) {
            Some(_) => Positivity::Unknown,
            None => Positivity::Always,
        };
    }
    facts.positivity(&plus(rest, 1.into()))
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
fn starts(arguments: &Arguments, site: &Site<'_>, start: &Dim) -> Result<(), Placed> {
    let facts = &site.scope.facts;
    let shown = start.quoted();
    let zero = Dim::Literal(0);
    // What rustc decides was asked when the argument was read.
    let fault = match at_least(facts, start, &zero) {
        Positivity::Always => return Ok(()),
        // error: `start` of `narrow` must be at least 0, but is `seq - 2` [D0312]
        Positivity::Never { witness, .. } | Positivity::Sometimes { witness, .. } => {
            let message = format!("`start` of `narrow` must be at least 0, but is {shown}");
            super::with_values(Fault::new(Code::ArgumentRange, message), &witness)
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
    Err((arguments.place("start"), fault.maybe_help(help)))
}

/// A part ends with the axis at the latest.
fn ends(
    arguments: &Arguments,
    site: &Site<'_>,
    (axis, extent): (usize, &Dim),
    end: &Dim,
) -> Result<(), Placed> {
    let facts = &site.scope.facts;
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
            super::with_values(beyond(), &witness)
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
    Err((arguments.place("length"), fault.maybe_help(help)))
}

#[cfg(test)]
mod tests {
    use crate::layers::bench::Bench;

    #[test]
    fn a_part_has_its_length() {
        for (arguments, input, output) in [
            ("1, 0, 1", "[batch, 197, 768]", "[batch, 1, 768]"),
            ("seq, seq - 1, 1", "Int[batch, seq]", "Int[batch, 1]"),
            ("axis = 0, start = 2, length = 3", "[5]", "[3]"),
            (
                "1, hidden, hidden",
                "[batch, 2 * hidden]",
                "[batch, hidden]",
            ),
            ("1, 1, seq", "[batch, seq + 1]", "[batch, seq]"),
        ] {
            assert_eq!(Bench::new("narrow", arguments).shape(input), output);
        }
    }

    #[test]
    fn its_code_reads_what_the_input_shows() {
        let forward = |arguments, input| Bench::new("narrow", arguments).forward(input);
        assert_eq!(
            forward("1, 0, 1", "[batch, 197]").as_deref(),
            Some("x . narrow (1usize , 0 , 1)")
        );
        assert_eq!(
            forward("1, seq - 1, 1", "[batch, seq]").as_deref(),
            Some(
                "{ let axes = x . dims () ; x . narrow (1usize , ((axes [1usize] as i128) - 1i128) as usize , 1) }"
            )
        );
        assert_eq!(
            forward("1, hidden, 1", "[batch, 2 * hidden]").as_deref(),
            Some("x . narrow (1usize , layer [0usize] , 1)")
        );
    }

    #[test]
    fn its_faults() {
        let fault = |arguments, input| Bench::new("narrow", arguments).fault(input);
        assert_eq!(
            fault("1, 0, 12", "[batch, 10]"),
            "`narrow(1, 0, 12)` ends at 12, but axis 1 of [batch, 10] is 10 [D0301]"
        );
        assert_eq!(
            fault("1, 0, 12", "[batch, seq]"),
            "`narrow(1, 0, 12)` ends at 12, but axis 1 of [batch, seq] is `seq` [D0301]\n\n\
             \u{20}        = note: at `seq` = 1\n\
             \u{20}        = help: state that it does not: `where seq >= 12;`"
        );
        assert_eq!(
            fault("1, seq - 2, 1", "[batch, seq]"),
            "`start` of `narrow` must be at least 0, but is `seq - 2` [D0312]\n\n\
             \u{20}        = note: at `seq` = 1\n\
             \u{20}        = help: state that it is: `where seq >= 2;`"
        );
        assert_eq!(
            fault("1, 0, 0", "[batch, 10]"),
            "`length` must be at least 1, but is 0 [D0312]"
        );
        assert_eq!(
            fault("1, 0", "[batch, 10]"),
            "`narrow` needs `length`, how many entries the part has [D0310]"
        );
    }
}
