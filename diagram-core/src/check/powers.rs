//! What goes through a power: on which of its arguments a result depends, and on which a gradient arrives.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use crate::diagram::Diagram;
use crate::path::{Path, Power, Term};

/// The parts of a power that are behind one of its results.
#[derive(Default)]
pub(super) struct Behind {
    /// The arguments that go into it, by position, in some application.
    pub(super) arguments: BTreeSet<usize>,
    /// The ends of the body that go into it: its own, and those that give these arguments to the next application.
    pub(super) ends: BTreeSet<usize>,
}

/// The powers of a diagram. Each body is looked at once, for all its results: powers nest, and every result of one may
/// read every result of the power inside it.
pub(super) struct Powers<'d> {
    diagram: &'d Diagram,
    /// Whether only what a gradient passes counts.
    gradients: bool,
    known: RefCell<HashMap<&'d [Path], Rc<[Behind]>>>,
}

impl<'d> Powers<'d> {
    pub(super) fn of(diagram: &'d Diagram, gradients: bool) -> Self {
        Powers {
            diagram,
            gradients,
            known: RefCell::default(),
        }
    }

    /// What is behind each result of a power, in order.
    pub(super) fn behind(&self, power: &'d Power) -> Rc<[Behind]> {
        let body = power.body.as_slice();
        if let Some(known) = self.known.borrow().get(body) {
            return Rc::clone(known);
        }
        let reads: Vec<_> = body.iter().map(|end| self.inputs(*end)).collect();
        let results = (0..body.len()).map(|result| {
            let mut behind = Behind::default();
            let mut open = vec![result];
            while let Some(end) = open.pop() {
                if !behind.ends.insert(end) {
                    continue;
                }
                let inputs = reads.get(end).into_iter().flatten();
                behind.arguments.extend(inputs.clone());
                open.extend(inputs);
            }
            behind
        });
        let results: Rc<[Behind]> = results.collect();
        self.known.borrow_mut().insert(body, Rc::clone(&results));
        results
    }

    /// Whether a gradient of a result of a power, by position, trains something: in its body, or behind an argument.
    /// `trainable` tells it of the paths before the power.
    pub(super) fn trains(
        &self,
        (power, arguments): (&'d Power, &[Path]),
        result: usize,
        trainable: &[bool],
    ) -> bool {
        let any = |paths: &[Path], positions: &BTreeSet<usize>| {
            let mut paths = positions.iter().filter_map(|at| paths.get(*at));
            paths.any(|path| trainable[path.0])
        };
        self.behind(power).get(result).is_some_and(|behind| {
            any(&power.body, &behind.ends) || any(arguments, &behind.arguments)
        })
    }

    /// The power whose result a path is, with the arguments and the position of the result.
    pub(super) fn result_of(&self, path: Path) -> Option<(&'d Power, &'d [Path], usize)> {
        let paths = &self.diagram.paths;
        let (of, result) = match paths.term(path) {
            Term::Factor(of, result) => (*of, *result),
            _ => (path, 0),
        };
        match paths.term(of) {
            Term::Power(power, arguments) => Some((power, arguments, result)),
            _ => None,
        }
    }

    /// The inputs of a body that an end of it reads.
    fn inputs(&self, end: Path) -> BTreeSet<usize> {
        let mut found = BTreeSet::new();
        let mut seen = HashSet::new();
        let mut stack = vec![end];
        while let Some(path) = stack.pop() {
            if !seen.insert(path) || self.gradients && !self.diagram.is_float(path) {
                continue;
            }
            if let Some((power, arguments, result)) = self.result_of(path) {
                if let Some(behind) = self.behind(power).get(result) {
                    let read = behind.arguments.iter();
                    stack.extend(read.filter_map(|position| arguments.get(*position)));
                }
                continue;
            }
            match self.diagram.paths.term(path) {
                Term::Input(position) => {
                    found.insert(*position);
                }
                Term::Stop(_) if self.gradients => {}
                // Of what a number stands beside only the shape is used.
                Term::Number(..) => {}
                term => stack.extend(term.parts()),
            }
        }
        found
    }
}
