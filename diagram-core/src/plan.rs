//! The evaluations of a loss: every distinct application once, in the order in which the cells, read as
//! written, first need them. The left side comes first, and arguments come before the morphism.
//!
//! Paths have no composites and equal paths are one (see [`crate::path`]), so the cost grows with the number of
//! distinct applications and not with that of paths. A plan leaves out everything that no cell needs.

use std::collections::{HashMap, HashSet};

use crate::cell::{Cell, CellRole};
use crate::diagram::Diagram;
use crate::path::{Path, Term};

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Evaluate this application, take this factor, or detach or scale the gradient of this value.
    Evaluate(Path),
    /// Evaluate the loss of the cell with this index among those planned, on these values.
    Cell(usize, Vec<Path>),
}

/// The plan of some cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Applications and cells, in order.
    pub actions: Vec<Action>,
    /// The paths whose values are the results, in a plan of paths alone.
    pub results: Vec<Path>,
}

/// The plan of a diagram's cells; as text by `Display`.
#[derive(Clone, Debug)]
pub struct Planned<'a> {
    /// The diagram.
    pub diagram: &'a Diagram,
    /// The evaluations of its loss, and then those of the watches.
    pub plan: Plan,
    /// The cells that the plan numbers: the trained cells, then the watched ones.
    pub cells: Vec<&'a Cell>,
}

impl Diagram {
    /// The evaluations of the loss, and then those of the watches: every distinct application once, in order.
    /// As text it has the shapes of the values, the parameters of the morphisms and, where shapes are known,
    /// their multiply-adds.
    ///
    /// Validation evaluates this plan; training leaves out the values that only watches need.
    #[must_use]
    pub fn plan(&self) -> Planned<'_> {
        let of = |role| self.cells.iter().filter(move |cell| cell.role == role);
        let cells: Vec<_> = of(CellRole::Trained).chain(of(CellRole::Watched)).collect();
        Planned {
            diagram: self,
            plan: Plan::of_cells(self, cells.iter().copied()),
            cells,
        }
    }
}

impl Plan {
    /// The plan of these cells, in this order.
    ///
    /// # Panics
    ///
    /// If a cell is of another diagram.
    #[must_use]
    pub fn of_cells<'a>(diagram: &Diagram, cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let cells: Vec<_> = cells.into_iter().collect();
        let ends: Vec<Path> = cells.iter().flat_map(|cell| cell.reads()).collect();
        // One walk for all cells: each end stops it where the cell has all that it needs.
        let mut order = diagram.paths.within(&ends).into_iter().peekable();
        let mut done = HashSet::new();
        let mut actions = Vec::new();
        for (index, cell) in cells.iter().enumerate() {
            while !cell.reads().all(|value| done.contains(&value)) {
                let Some(path) = order.next() else { break };
                done.insert(path);
                if is_evaluated(diagram, path) {
                    actions.push(Action::Evaluate(path));
                }
            }
            actions.push(Action::Cell(index, cell.reads().collect()));
        }
        Plan {
            actions,
            results: Vec::new(),
        }
    }

    /// The plan of some paths alone.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    #[must_use]
    pub fn of_paths(diagram: &Diagram, ends: &[Path]) -> Self {
        let order = diagram.paths.within(ends).into_iter();
        let evaluated = order.filter(|path| is_evaluated(diagram, *path));
        Plan {
            actions: evaluated.map(Action::Evaluate).collect(),
            results: ends.to_vec(),
        }
    }

    /// The evaluated paths, in order.
    pub fn evaluated(&self) -> impl Iterator<Item = Path> {
        self.actions.iter().filter_map(|action| match action {
            Action::Evaluate(path) => Some(*path),
            Action::Cell(..) => None,
        })
    }

    /// The values that the cells read, in order, and then the results.
    pub fn ends(&self) -> impl Iterator<Item = Path> {
        let cells = self.actions.iter().map(|action| match action {
            Action::Cell(_, ends) => &ends[..],
            Action::Evaluate(_) => &[],
        });
        cells.flatten().chain(&self.results).copied()
    }

    /// The number of times that each value is read, so that its last reader can take it.
    ///
    /// # Panics
    ///
    /// If the plan is of another diagram.
    #[must_use]
    pub fn uses(&self, diagram: &Diagram) -> HashMap<Path, usize> {
        let mut uses = HashMap::new();
        let mut read = |path: &Path| *uses.entry(*path).or_insert(0) += 1;
        for action in &self.actions {
            match action {
                Action::Evaluate(path) => {
                    diagram.paths.term(*path).parts().iter().for_each(&mut read);
                }
                Action::Cell(_, values) => values.iter().for_each(&mut read),
            }
        }
        self.results.iter().for_each(&mut read);
        uses
    }
}

/// Whether a value is computed in the call; data and arguments exist already.
fn is_evaluated(diagram: &Diagram, path: Path) -> bool {
    !matches!(diagram.paths.term(path), Term::Datum(_) | Term::Input(_))
}
