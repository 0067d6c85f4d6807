//! The meaning of a morphism's dims inside a composite that is unfolded.
//!
//! A composite is applied as a whole, so its own domain gives its dims their meaning. The dims of a morphism in
//! it, whose domain may have `side - 2` and no `side` alone, are found by matching: against `small - 2`, `side`
//! is `small`.

use std::collections::HashMap;

use crate::diagram::Diagram;
use crate::dim::{Comparison, Dim, MAX_NODES, Op, simplify};
use crate::fault::{Code, Fault};
use crate::id::MorphismId;
use crate::path::{Path, Term};
use crate::space::{Binding, Space};
use crate::spaces::spaces_of;

/// A path ends at dims that are short enough to compute with. Each application may rebind them to longer ones:
/// `X --f--> X[batch = batch * batch]` doubles them.
///
/// # Errors
///
/// It does not.
pub fn short_dims(diagram: &Diagram, path: Path, ends: &[Space]) -> Result<(), Fault> {
    let mut ends = ends.iter();
    let Some(end) = ends.find(|end| diagram.is_too_long(end)) else {
        return Ok(());
    };
    // error: `f(f(f(..)))` ends in `X` at a size of more than 2000 numbers, names and operations: it is too large to
    // compute [D0204]
    let message = format!(
        "`{}` ends in `{}` at a size of more than {MAX_NODES} numbers, names and operations: it is too large to compute",
        diagram.path_text(path),
        diagram.object(end.object).name
    );
    Err(Fault::new(Code::DimOverflow, message))
}

/// The same of all paths within some ends and the bodies of powers. A composite is applied as a whole, so what it is
/// unfolded to may end elsewhere at longer dims than itself. `inputs` are the spaces of a composite's inputs.
///
/// # Errors
///
/// The first path that does not, of those outside of powers.
pub fn short_dims_within(
    diagram: &Diagram,
    ends: &[Path],
    inputs: &[Space],
) -> Result<(), (Path, Fault)> {
    let mut known = HashMap::new();
    for path in diagram.paths.within(ends) {
        let spaces = diagram.ends_of(path, &known, inputs);
        short_dims(diagram, path, &spaces).map_err(|fault| (path, fault))?;
        if let Term::Power(power, arguments) = diagram.paths.term(path) {
            short_dims_within(diagram, &power.body, &spaces_of(arguments, &known))
                .map_err(|(_, fault)| (path, fault))?;
        }
        known.insert(path, spaces);
    }
    Ok(())
}

/// The values of a morphism's dynamic dims at arguments in the objects of its domain. There are none unless one
/// answer exists at which the domain is proved to be that of the arguments.
pub(super) fn matched(
    diagram: &Diagram,
    morphism: MorphismId,
    arguments: &[Space],
) -> Option<Binding> {
    let domain = &diagram.morphism(morphism).domain;
    let mut pairs: Vec<(Dim, Dim)> = Vec::new();
    for (drawn, given) in domain.iter().zip(arguments) {
        let (drawn, given) = (diagram.shape(drawn).dims, diagram.shape(given).dims);
        pairs.extend(drawn.into_iter().zip(given));
    }
    let mut found = Vec::new();
    for (drawn, given) in &pairs {
        unify(diagram, drawn, given, &mut found);
    }
    for (drawn, given) in &pairs {
        found.extend(solved(diagram, drawn, given, &found));
    }
    let binding = Binding::of(found);
    let equal = |(drawn, given): &(Dim, Dim)| {
        diagram.facts.compare(&binding.apply(drawn), given) == Comparison::Equal
    };
    pairs.iter().all(equal).then_some(binding)
}

/// Matches dims of one form, part by part.
fn unify(diagram: &Diagram, drawn: &Dim, given: &Dim, found: &mut Vec<(String, Dim)>) {
    match (drawn, given) {
        (Dim::Symbol(name), given)
            if diagram.is_dynamic(name) && found.iter().all(|(known, _)| known != name) =>
        {
            found.push((name.clone(), given.clone()));
        }
        (Dim::Binary(op, left, right), Dim::Binary(other, first, second)) if op == other => {
            unify(diagram, left, first, found);
            unify(diagram, right, second, found);
        }
        _ => {}
    }
}

/// Matches a growing linear function of one dynamic dim: the dim is some number of steps above its value at 1.
fn solved(
    diagram: &Diagram,
    drawn: &Dim,
    given: &Dim,
    known: &[(String, Dim)],
) -> Option<(String, Dim)> {
    let (name, first, slope) = diagram.line(drawn)?;
    if known.iter().any(|(known, _)| known == name) {
        return None;
    }
    let steps = Dim::binary(Op::Sub, given.clone(), first);
    let steps = Dim::binary(Op::Div, steps, slope);
    let value = Dim::binary(Op::Add, steps, Dim::Literal(1));
    Some((name.to_owned(), simplify(&value)))
}
