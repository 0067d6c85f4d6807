//! Which values of a call are recorded for gradients.
//!
//! A value is recorded where training can move it and some cell of a weight other than 0 wants its gradient.
//! Weights are known at the call only, so what is asked here is *when* a gradient is wanted: the answer names
//! the cells that decide. A value that several cells read has a name of its own, so that the answers together
//! grow with the plan and not with the number of cells that read each value.

use crate::cell::Cell;
use crate::check;
use crate::diagram::Diagram;
use crate::path::{Path, Term};

/// When the gradient of a value is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wanted {
    /// In no call.
    Never,
    /// In every call.
    Always,
    /// In a call in which the weight of this cell, of those planned, is not 0.
    Cell(usize),
    /// In a call in which the gradient of this value is wanted: see [`Record::joined`].
    Path(Path),
}

/// When the values of a plan are recorded.
#[derive(Clone, Debug)]
pub struct Record {
    /// When its gradient is wanted; `None` where training cannot move the value. One per path of the diagram.
    wanted: Vec<Option<Wanted>>,
    joined: Vec<(Path, Vec<Wanted>)>,
}

impl Record {
    /// The record of some cells, each with when its own gradient is wanted. Masks and weights of units are read
    /// without gradients, and none passes a value of an Int or Bool object.
    #[must_use]
    pub fn of<'a>(diagram: &Diagram, cells: impl IntoIterator<Item = (&'a Cell, Wanted)>) -> Self {
        let moved = check::trainable_paths(diagram);
        let mut readers: Vec<Vec<Wanted>> = vec![Vec::new(); moved.len()];
        for (cell, wanted) in cells {
            for end in &cell.ends {
                readers[end.0].push(wanted);
            }
        }
        let mut record = Record {
            wanted: vec![None; moved.len()],
            joined: Vec::new(),
        };
        // The parts of a term come before it.
        for path in (0..moved.len()).rev().map(Path) {
            if !moved[path.0] {
                continue;
            }
            let wanted = record.join(path, std::mem::take(&mut readers[path.0]));
            record.wanted[path.0] = Some(wanted);
            let term = diagram.paths.term(path);
            if !matches!(term, Term::Stop(_) | Term::Number(..)) {
                for part in term.parts() {
                    readers[part.0].push(wanted);
                }
            }
        }
        record
    }

    /// When the gradient of a value is wanted that has these readers.
    fn join(&mut self, path: Path, mut readers: Vec<Wanted>) -> Wanted {
        readers.sort_unstable();
        readers.dedup();
        readers.retain(|wanted| *wanted != Wanted::Never);
        match readers.as_slice() {
            [] => Wanted::Never,
            _ if readers.contains(&Wanted::Always) => Wanted::Always,
            [one] => *one,
            _ => {
                self.joined.push((path, readers));
                Wanted::Path(path)
            }
        }
    }

    /// When the gradient of a value is wanted; `None` where training cannot move the value, so that it is never
    /// recorded.
    #[must_use]
    pub fn wanted(&self, path: Path) -> Option<Wanted> {
        self.wanted.get(path.0).copied().flatten()
    }

    /// The values with several readers: the gradient of each is wanted where that of any of its readers is.
    /// Those that another depends on come before it.
    #[must_use]
    pub fn joined(&self) -> &[(Path, Vec<Wanted>)] {
        &self.joined
    }
}
