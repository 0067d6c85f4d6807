//! The meaning of a morphism's dims inside a composite that is unfolded.
//!
//! A composite is applied as a whole, so its own domain gives its dims their meaning. The dims of a morphism in
//! it, whose domain may have `side - 2` and no `side` alone, are found by matching: against `small - 2`, `side`
//! is `small`.

use crate::diagram::Diagram;
use crate::dim::{Comparison, Dim, Op, simplify};
use crate::id::MorphismId;
use crate::space::{Binding, Space};

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
