//! What goes through a power: on which of its arguments a result depends, and on which a gradient arrives.

use std::collections::{BTreeSet, HashSet};

use crate::diagram::Diagram;
use crate::path::{Path, Power, Term};

/// The parts of a power that are behind one of its results.
pub(super) struct Behind {
    /// The arguments that go into it, by position, in some application.
    pub(super) arguments: BTreeSet<usize>,
    /// The ends of the body that go into it: its own, and those that give these arguments to the next application.
    pub(super) ends: BTreeSet<usize>,
}

/// What is behind a result of a power, by position; with `gradients`, only as far as a gradient passes.
pub(super) fn behind(diagram: &Diagram, power: &Power, result: usize, gradients: bool) -> Behind {
    let mut arguments = BTreeSet::new();
    let mut ends = BTreeSet::new();
    let mut open = vec![result];
    while let Some(end) = open.pop() {
        if !ends.insert(end) {
            continue;
        }
        let path = power.body.get(end);
        for input in path.map_or_else(BTreeSet::new, |path| inputs(diagram, *path, gradients)) {
            arguments.insert(input);
            open.push(input);
        }
    }
    Behind { arguments, ends }
}

/// Whether a gradient of a result of a power, by position, trains something: in its body, or behind an argument.
/// `trainable` tells it of the paths before the power.
pub(super) fn trains(
    diagram: &Diagram,
    power: &Power,
    arguments: &[Path],
    result: usize,
    trainable: &[bool],
) -> bool {
    let behind = behind(diagram, power, result, true);
    let any = |paths: &[Path], positions: &BTreeSet<usize>| {
        let mut paths = positions.iter().filter_map(|at| paths.get(*at));
        paths.any(|path| trainable[path.0])
    };
    any(&power.body, &behind.ends) || any(arguments, &behind.arguments)
}

/// The power whose result a path is, with the arguments and the position of the result.
pub(super) fn result_of(diagram: &Diagram, path: Path) -> Option<(&Power, &[Path], usize)> {
    let (of, result) = match diagram.paths.term(path) {
        Term::Factor(of, result) => (*of, *result),
        _ => (path, 0),
    };
    match diagram.paths.term(of) {
        Term::Power(power, arguments) => Some((power, arguments, result)),
        _ => None,
    }
}

/// The inputs of a body that an end of it reads.
fn inputs(diagram: &Diagram, end: Path, gradients: bool) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut seen = HashSet::new();
    let mut stack = vec![end];
    while let Some(path) = stack.pop() {
        if !seen.insert(path) || gradients && !diagram.is_float(path) {
            continue;
        }
        if let Some((power, arguments, result)) = result_of(diagram, path) {
            let behind = behind(diagram, power, result, gradients).arguments;
            stack.extend(
                behind
                    .iter()
                    .filter_map(|position| arguments.get(*position)),
            );
            continue;
        }
        match diagram.paths.term(path) {
            Term::Input(position) => {
                found.insert(*position);
            }
            Term::Stop(_) if gradients => {}
            // Of what a number stands beside only the shape is used.
            Term::Number(..) => {}
            term => stack.extend(term.parts()),
        }
    }
    found
}
