//! Rules about extents, and about the shapes that layers end in.

use super::equal_where;
use crate::dim::{Comparison, Dim, Fact, Facts, MAX_NODES, NoValue, Op, Positivity};
use crate::fault::{Code, Fault};
use crate::shape::{Difference, Product, Shape};
use crate::step::{Layer, Step};

/// The largest possible extent.
pub const LARGEST: u64 = i64::MAX.unsigned_abs();

/// An axis can have this extent at some values that satisfy the facts. `subject` begins the message:
/// `an axis cannot have`.
///
/// # Errors
///
/// It is not positive, too large, too long, or divides by 0.
pub fn extent(subject: &str, dim: &Dim, facts: &Facts) -> Result<(), Fault> {
    if dim.is_too_long() {
        // error: `conv1d(4, 3, stride = step)` gives an extent of more than 2000 numbers, names and operations
        // [D0204]
        let message =
            format!("{subject} an extent of more than {MAX_NODES} numbers, names and operations");
        return Err(Fault::new(Code::DimOverflow, message));
    }
    let (code, reason) = match (dim.evaluate(&|_| None), facts.positivity(dim)) {
        // error: `flatten` gives the extent `9000000000 * 9000000000`: it is too large to compute [D0204]
        (Err(NoValue::Overflow), _) => (Code::DimOverflow, "it is too large to compute"),
        (Ok(value), _) if value > i128::from(LARGEST) => {
            (Code::DimOverflow, "it is too large to compute")
        }
        // error: an axis cannot have the extent `10 / 0`: it divides by 0 [D0205]
        _ if divides_by_zero(dim) => (Code::NotASize, "it divides by 0"),
        // error: an axis cannot have the extent 0: every extent is at least 1 [D0203]
        (_, Positivity::Never { .. }) => (Code::NotPositive, "every extent is at least 1"),
        _ => return possible(subject, dim, facts),
    };
    Err(Fault::new(
        code,
        format!("{subject} the extent {}: {reason}", dim.quoted()),
    ))
}

/// Rustc knows the values of constants.
fn possible(subject: &str, dim: &Dim, facts: &Facts) -> Result<(), Fault> {
    if let Some(bound) = too_large(dim, facts) {
        // error: `linear(2 * WIDTH)` gives the extent `2 * WIDTH` = 18446744073709551616: it is too large to
        // compute [D0204]
        let message = format!(
            "{subject} the extent {}: it is too large to compute",
            dim.quoted()
        );
        return Err(Fault::new(Code::DimOverflow, message).unless(bound));
    }
    match facts.left_to_rustc(dim, &Dim::Literal(1)) {
        // The symbols of dims are positive anyway.
        Some(bound) if matches!(dim, Dim::Binary(..)) => {
            // error: `linear(WIDTH - 8)` gives the extent `WIDTH - 8` = 0: every extent is at least 1 [D0203]
            let message = format!(
                "{subject} the extent {}: every extent is at least 1",
                dim.quoted()
            );
            Err(Fault::new(Code::NotPositive, message).unless(bound))
        }
        _ => Ok(()),
    }
}

/// The fact that a number computed from constants is not too large, if rustc has to decide it.
#[must_use]
pub fn too_large(dim: &Dim, facts: &Facts) -> Option<Fact> {
    if facts.is_fitting() || !grows(dim) {
        return None;
    }
    facts.left_to_rustc(&Dim::Literal(LARGEST), dim)
}

/// Whether a dim may be larger than its symbols.
fn grows(dim: &Dim) -> bool {
    match dim {
        Dim::Literal(_) | Dim::Symbol(_) => false,
        Dim::Binary(Op::Add | Op::Mul, ..) => true,
        Dim::Binary(_, left, right) => grows(left) || grows(right),
    }
}

pub(super) fn divides_by_zero(dim: &Dim) -> bool {
    let Dim::Binary(op, left, right) = dim else {
        return false;
    };
    let zero = matches!(op, Op::Div | Op::Rem) && right.evaluate(&|_| None) == Ok(0);
    zero || divides_by_zero(left) || divides_by_zero(right)
}

/// The layers of a morphism must end in its codomain: its factors, by name and shape. `dynamic` are the dims
/// that are known only at run time, `last` is the step that gives one factor, or all of them, if there is one.
///
/// # Errors
///
/// The shapes after the last layer have another number of factors, or some, by position, have another kind,
/// rank or extent than the object, or are not known to have the same.
pub fn layers_end_in_codomain<'s>(
    morphism: &str,
    input: &Product,
    steps: &[Step],
    codomain: &[(String, Shape)],
    facts: &Facts,
    dynamic: &dyn Fn(&Dim) -> bool,
    last: &dyn Fn(Option<usize>) -> Option<&'s Step>,
) -> Result<(), Vec<(Option<usize>, Fault)>> {
    let names: Vec<_> = codomain.iter().map(|(name, _)| name.as_str()).collect();
    let whole = names.join(" * ");
    let given = steps.last().map_or(input, |step| &step.output);
    let shown = |step: Option<&Step>| step.map_or(morphism.to_owned(), Step::to_string);
    let width = morphism.len().max(whole.len()) + 2;
    let pad = |name: &str| format!("{:width$}", format!("`{name}`"));
    let noted = |fault: Fault| {
        let expected = Product(codomain.iter().map(|(_, shape)| shape.clone()).collect());
        let trail = Step::trail(input, steps);
        fault
            .note(format!("{} : {expected}", pad(&whole)))
            .note(format!("{} : {trail}", pad(morphism)))
    };
    if given.0.len() != codomain.len() {
        // error: `encode` ends in `Mean * LogVar`, but gives [batch, 16] [D0318]
        let message = format!("`{morphism}` ends in `{whole}`, but gives {given}");
        return Err(vec![(None, noted(Fault::new(Code::Factors, message)))]);
    }
    let factors = codomain.iter().zip(&given.0).enumerate();
    let faults = factors.filter_map(|(factor, ((name, wanted), got))| {
        let difference = wanted.difference(got, facts)?;
        // In a product, which factor it is.
        let (ends_in, at) = match names.as_slice() {
            [object] => (format!("`{morphism}` ends in `{object}`"), None),
            _ => {
                let ends_in = format!("`{morphism}` ends in `{name}` of `{whole}`");
                (ends_in, Some(factor))
            }
        };
        let last = last(at);
        let fault = factor_fault(&ends_in, &shown(last), &difference, wanted, got);
        let help = codomain_help(&difference, last, (wanted, got), facts, dynamic);
        Some((at, noted(fault).maybe_help(help)))
    });
    let faults: Vec<_> = faults.collect();
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

/// A layer takes a further factor, such as a state or a mask, whose shape follows from its other inputs. `what`
/// names it: "cell state".
///
/// # Errors
///
/// It has another kind, rank or extent, or is not known to have the same.
pub fn takes_factor(
    layer: &str,
    what: &str,
    wanted: &Shape,
    given: &Shape,
    facts: &Facts,
) -> Result<(), Fault> {
    let subject = format!("`{layer}` takes {wanted} as its {what}");
    let other = |code| Fault::new(code, format!("{subject}, but is given {given}"));
    Err(match wanted.difference(given, facts) {
        None => return Ok(()),
        // error: `lstm` takes [batch, 64] as its cell state, but is given Int[batch, 64] [D0304]
        Some(Difference::Kind) => other(Code::KindMismatch),
        // error: `lstm` takes [batch, 64] as its cell state, but is given [64] [D0302]
        Some(Difference::Rank) => other(Code::RankMismatch),
        // error: `lstm` takes [batch, 64] as its cell state: axis 1 is 64, but it is given 32 [D0301]
        Some(Difference::Axis { axis, comparison }) => {
            let extents = wanted.dims.get(axis).zip(given.dims.get(axis));
            let help = extents.and_then(|(wanted, given)| equal_where(facts, wanted, given));
            let phrase = "it is given";
            axis_fault(&subject, phrase, axis, &comparison, wanted, given).maybe_help(help)
        }
    })
}

/// The given shape differs from the wanted shape, as `ends_in` says.
fn factor_fault(
    ends_in: &str,
    last: &str,
    difference: &Difference,
    wanted: &Shape,
    got: &Shape,
) -> Fault {
    match difference {
        // error: `student` ends in `Logits` of kind Float, but gives Int [D0304]
        Difference::Kind => Fault::new(
            Code::KindMismatch,
            format!("{ends_in} of kind {}, but gives {}", wanted.kind, got.kind),
        ),
        // error: `student` ends in `Logits` of rank 2, but gives [batch, 32, 5, 10] [D0302]
        Difference::Rank => Fault::new(
            Code::RankMismatch,
            format!("{ends_in} of rank {}, but gives {got}", wanted.rank()),
        ),
        Difference::Axis { axis, comparison } => axis_fault(
            ends_in,
            &format!("`{last}` gives"),
            *axis,
            comparison,
            wanted,
            got,
        ),
    }
}

/// The step that gives a chain its last shape: the last that changes the shape, or else the last.
#[must_use]
pub fn deciding_step(input: &Product, steps: &[Step]) -> Option<usize> {
    let before = std::iter::once(input).chain(steps.iter().map(|step| &step.output));
    let changing = steps
        .iter()
        .zip(before)
        .enumerate()
        .filter(|(_, (step, before))| step.output != **before);
    changing
        .map(|(index, _)| index)
        .last()
        .or(steps.len().checked_sub(1))
}

/// The extents of an axis differ. `subject` has the wanted extent,
/// `` `student` ends in `Logits` ``, and `phrase` introduces the other: `` `linear(12)` gives ``.
pub(super) fn axis_fault(
    subject: &str,
    phrase: &str,
    axis: usize,
    comparison: &Comparison,
    expected: &Shape,
    given: &Shape,
) -> Fault {
    let (Some(wanted), Some(got)) = (expected.dims.get(axis), given.dims.get(axis)) else {
        return Fault::new(Code::RankMismatch, format!("{subject}: the ranks differ"));
    };
    match comparison {
        // error: `f` ends in `Out`: axis 1 is `a / b + 1`, and `linear((a + b) / b)` gives `(a + b) / b`, which
        // is not known to be equal [D0308]
        Comparison::Unknown => Fault::new(
            Code::Undecided,
            format!(
                "{subject}: axis {axis} is {}, and {phrase} {}, which is not known to be equal",
                wanted.quoted(),
                got.quoted()
            ),
        ),
        // error: `student` ends in `Logits`: axis 1 is 10, but `linear(12)` gives 12 [D0301]
        // error: `student` ends in `Logits`: axis 1 is `CLASSES` = 10, but `linear(12)` gives 12 [D0301]
        different => {
            let fault = Fault::new(
                Code::AxisMismatch,
                format!(
                    "{subject}: axis {axis} is {}, but {phrase} {}",
                    wanted.quoted(),
                    got.quoted()
                ),
            );
            match different {
                Comparison::Different {
                    witness,
                    left,
                    right,
                } if !witness.is_empty() => {
                    let values: Vec<_> = witness
                        .iter()
                        .map(|(name, value)| format!("`{name}` = {value}"))
                        .collect();
                    // What is plain needs no words.
                    let plain = |dim: &Dim| matches!(dim, Dim::Literal(_) | Dim::Symbol(_));
                    let sides = [(wanted, left), (got, right)].into_iter();
                    let sides = sides.filter(|(dim, _)| !plain(dim));
                    let sides: Vec<_> = sides
                        .map(|(dim, value)| format!("{} is {value}", dim.quoted()))
                        .collect();
                    let values = values.join(", ");
                    fault.note(if sides.is_empty() {
                        format!("they differ at {values}")
                    } else {
                        format!("at {values}, {}", sides.join(" and "))
                    })
                }
                other => fault.by(other),
            }
        }
    }
}

/// The code to write instead, if one change of the last layer is enough; else the fact to state.
fn codomain_help(
    difference: &Difference,
    last: Option<&Step>,
    (expected, given): (&Shape, &Shape),
    facts: &Facts,
    dynamic: &dyn Fn(&Dim) -> bool,
) -> Option<String> {
    match difference {
        Difference::Axis { axis, .. } => {
            let layer = last.and_then(Step::as_layer);
            let left_out = layer.and_then(|layer| width_left_out(layer, *axis, expected.rank()));
            let stated = || equal_where(facts, expected.dims.get(*axis)?, given.dims.get(*axis)?);
            left_out.or_else(stated)
        }
        Difference::Rank if expected.rank() == 2 && given.rank() > 2 => {
            let width = expected.dims.last()?;
            flat(given, &format!("linear({width})"), dynamic)
        }
        _ => None,
    }
}

/// The way in which a layer of the last axis ends in rank 2, on a shape of higher rank: the axes between are
/// flattened or, if their extent is known only at run time, averaged.
#[must_use]
pub fn flat(given: &Shape, layer: &str, dynamic: &dyn Fn(&Dim) -> bool) -> Option<String> {
    let between = given.dims.get(1..given.rank().checked_sub(1)?)?;
    match between {
        [] => None,
        _ if !between.iter().any(dynamic) => Some(format!("`flatten >> {layer}`")),
        [Dim::Symbol(length)] if given.dims.first() != between.first() => {
            Some(format!("`mean({length}) >> {layer}`"))
        }
        _ => None,
    }
}

/// The help that the width of a layer may be left out, if it is given and is the extent of the last axis.
pub(super) fn width_left_out(layer: &Layer, axis: usize, rank: usize) -> Option<String> {
    let width = layer.traits.width.as_ref()?;
    let given = layer.call.given(&width.parameter).is_some();
    let is_it = given && width.axis.is_none() && axis + 1 == rank;
    is_it.then(|| {
        let inferred = layer.call.without(&width.parameter);
        format!("leave the width out: `{inferred}`")
    })
}
