//! The values of a call that are recorded for gradients.
//!
//! A value is recorded if training can move it and some cell whose weight is not 0 asks for its gradient.
//! Weights are known only at the call, so this module finds out *when* a gradient is needed: the answer names
//! the cells that decide. A value that several cells read has an entry of its own, so that the answers together
//! grow with the plan and not with the number of cells that read each value.

use crate::cell::Cell;
use crate::check;
use crate::diagram::Diagram;
use crate::id::MorphismId;
use crate::path::{Path, Term};

/// When the gradient of a value is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedsGrad {
    /// In no call.
    Never,
    /// In every call.
    Always,
    /// In a call in which the weight of this cell, among those planned, is not 0.
    Cell(usize),
    /// In a call in which the gradient of this value is needed: see [`Record::joined`].
    Path(Path),
}

/// When the values of a plan are recorded.
#[derive(Clone, Debug)]
pub struct Record {
    /// When the gradient of each path of the diagram is needed; `None` if training cannot move its value.
    needs_grad: Vec<Option<NeedsGrad>>,
    joined: Vec<(Path, Vec<NeedsGrad>)>,
}

impl Record {
    /// The record of some cells. Each has the condition under which its own gradient is needed. `trained` says
    /// which morphisms are trained; that is [`check::is_trainable`] unless only some are. Masks and weights of
    /// units are read without gradients, and no gradient passes a value of an Int or Bool object.
    ///
    /// # Panics
    ///
    /// If a cell is of another diagram.
    #[must_use]
    pub fn of<'a>(
        diagram: &Diagram,
        trained: &dyn Fn(MorphismId) -> bool,
        cells: impl IntoIterator<Item = (&'a Cell, NeedsGrad)>,
    ) -> Self {
        let trainable = check::trainable_paths(diagram, trained);
        let mut readers: Vec<Vec<NeedsGrad>> = vec![Vec::new(); trainable.len()];
        for (cell, needs_grad) in cells {
            for end in &cell.ends {
                readers[end.0].push(needs_grad);
            }
        }
        let mut record = Record {
            needs_grad: vec![None; trainable.len()],
            joined: Vec::new(),
        };
        // The parts of a term come before it.
        for path in (0..trainable.len()).rev().map(Path) {
            if !trainable[path.0] {
                continue;
            }
            let needs_grad = record.join(path, std::mem::take(&mut readers[path.0]));
            record.needs_grad[path.0] = Some(needs_grad);
            let term = diagram.paths.term(path);
            if !matches!(term, Term::Stop(_) | Term::Number(..)) {
                for part in term.parts() {
                    readers[part.0].push(needs_grad);
                }
            }
        }
        record
    }

    /// When the gradient of a value with these readers is needed.
    fn join(&mut self, path: Path, mut readers: Vec<NeedsGrad>) -> NeedsGrad {
        readers.sort_unstable();
        readers.dedup();
        readers.retain(|needs_grad| *needs_grad != NeedsGrad::Never);
        match readers.as_slice() {
            [] => NeedsGrad::Never,
            _ if readers.contains(&NeedsGrad::Always) => NeedsGrad::Always,
            [one] => *one,
            _ => {
                self.joined.push((path, readers));
                NeedsGrad::Path(path)
            }
        }
    }

    /// When the gradient of a value is needed; `None` if training cannot move the value, so that it is never
    /// recorded.
    #[must_use]
    pub fn needs_grad(&self, path: Path) -> Option<NeedsGrad> {
        self.needs_grad.get(path.0).copied().flatten()
    }

    /// The values with several readers: the gradient of each is needed when that of any of its readers is. A
    /// value comes after those on which it depends.
    #[must_use]
    pub fn joined(&self) -> &[(Path, Vec<NeedsGrad>)] {
        &self.joined
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::{CellRole, Measure, Weight};
    use crate::diagram::{Datum, Definition, Morphism, Object};
    use crate::dim::Dim;
    use crate::id::{DatumId, ObjectId};
    use crate::path::{Draw, Power};
    use crate::scalar::{Number, Scalar};
    use crate::shape::Shape;

    /// `judge(make(Noise)) ~ Noise`, in which both arrows have weights.
    fn adversaries() -> Diagram {
        let object = Object {
            name: "Noise".to_owned(),
            shape: Shape::float(Vec::new()),
            default_loss: None,
        };
        let datum = Datum {
            name: "Noise".to_owned(),
            field: "noise".to_owned(),
            space: ObjectId(0).into(),
        };
        let arrow = |name: &str| Morphism {
            name: name.to_owned(),
            domain: vec![ObjectId(0).into()],
            codomain: vec![ObjectId(0).into()],
            definition: Definition::Layers {
                steps: Vec::new(),
                parameters: true,
            },
            frozen: false,
            adapters: None,
            average: None,
            drawn: true,
        };
        let mut diagram = Diagram {
            objects: vec![object],
            data: vec![datum],
            morphisms: vec![arrow("make"), arrow("judge")],
            ..Diagram::default()
        };
        let paths = &mut diagram.paths;
        let noise = paths.intern(Term::Datum(DatumId(0)));
        let made = paths.intern(Term::Apply(MorphismId(0), vec![noise], Draw::default()));
        let judged = paths.intern(Term::Apply(MorphismId(1), vec![made], Draw::default()));
        diagram.cells.push(Cell {
            name: None,
            text: "judge(make(Noise)) ~ Noise".to_owned(),
            ends: vec![judged, noise],
            loss: Measure::Itself,
            limits: Vec::new(),
            weight: Weight::Scalar(Scalar::Number(Number::ONE)),
            mask: None,
            role: CellRole::Trained,
        });
        diagram
    }

    #[test]
    fn what_is_recorded_depends_on_what_is_trained() {
        let diagram = adversaries();
        let flow = |trained: &dyn Fn(MorphismId) -> bool| {
            let cells = diagram
                .trained_cells()
                .map(|cell| (cell, NeedsGrad::Always));
            let record = Record::of(&diagram, trained, cells);
            let needs_grad: Vec<_> = (0..3).map(|path| record.needs_grad(Path(path))).collect();
            (check::trainable_paths(&diagram, trained), needs_grad)
        };
        let always = Some(NeedsGrad::Always);
        let through_both = (vec![false, true, true], vec![None, always, always]);
        let (make, judge) = (MorphismId(0), MorphismId(1));
        assert_eq!(flow(&|id| id == make), through_both);
        assert_eq!(
            flow(&|id| id == judge),
            (vec![false, false, true], vec![None, None, always])
        );
        assert_eq!(flow(&|_| false), (vec![false; 3], vec![None; 3]));
        let all = |id| check::is_trainable(&diagram, id);
        assert_eq!(flow(&all), through_both);
    }

    /// `judge^n(make(Noise)) ~ Noise`, where the body of the power is `stop(judge)`, or `judge` alone.
    #[test]
    fn a_gradient_does_not_pass_a_power_whose_body_stops_it() {
        for stopped in [true, false] {
            let mut diagram = adversaries();
            let paths = &mut diagram.paths;
            let made = paths.intern(Term::Apply(MorphismId(0), vec![Path(0)], Draw::default()));
            let input = paths.intern(Term::Input(0));
            let once = paths.intern(Term::Apply(MorphismId(1), vec![input], Draw::default()));
            let body = if stopped {
                paths.intern(Term::Stop(once))
            } else {
                once
            };
            let power = Power {
                body: vec![body],
                times: Dim::symbol("n"),
            };
            let end = paths.intern(Term::Power(power, vec![made]));
            diagram.cells[0].ends[0] = end;
            let all = |id| check::is_trainable(&diagram, id);
            let trainable = check::trainable_paths(&diagram, &all);
            assert!(trainable[made.0]);
            assert_eq!(trainable[end.0], !stopped);
            let loose = check::loose_ends(&diagram).into_iter();
            let untrained: Vec<_> = loose.map(|(name, _)| name).collect();
            let expected: &[&str] = if stopped { &["make", "judge"] } else { &[] };
            assert_eq!(untrained, expected);
            if stopped {
                // error: nothing can be trained by `…`
                let fault = check::nothing_to_train(&diagram, &diagram.cells[0]);
                assert_eq!(fault.code.number(), "D0405");
            }
        }
    }
}
