//! Cells and watches: their names, ends and losses.

use diagram_core::{Cell, CellRole, Kind, Measure, check};
use diagram_layers::{indices, losses};

use crate::lower::cells::applied::{Applied, Measuring};
use crate::lower::cells::clauses::CellClauses;
use crate::lower::cells::commutes::Asked;
use crate::lower::cells::ends::PlacedEnd;
use crate::lower::cells::measures::{FoundLoss, find_loss, loss_of};
use crate::lower::cells::names::CellNames;
use crate::lower::cells::units::UnitClause;
use crate::lower::cells::weights::CellWeight;
use crate::lower::paths::Typed;
use crate::lower::{CellPart, Lowering, Measured};
use crate::syntax::tree::{self, Ends, ItemKind, bare, shown};

mod applied;
mod clauses;
mod commutes;
mod drawing;
mod ends;
pub(in crate::lower) mod learned;
pub(in crate::lower) mod measures;
mod names;
mod numbers;
mod units;
mod weights;

impl<'a> Lowering<'a, '_> {
    pub(in crate::lower) fn cells(&mut self) {
        let tree = self.tree;
        let mut names = CellNames::default();
        let mut asked = Asked::default();
        for item in &tree.items {
            let (name, cell, role) = match &item.kind {
                ItemKind::Cell { name, cell } => (name.as_ref(), cell, CellRole::Trained),
                ItemKind::Watch { name, cell } => (Some(name), cell, CellRole::Watched),
                ItemKind::Commutes { .. } => {
                    self.commutes(item, &mut asked, &mut names);
                    continue;
                }
                _ => continue,
            };
            if name.is_some_and(|name| !names.declare(name, false, &mut self.rules.reports)) {
                continue;
            }
            let part = CellPart::new(name.cloned(), cell.place, &item.attributes, role);
            if item.whole {
                self.learned.begin(name, &cell.ends);
                let counted = self.paths().cell_clauses(&cell.clauses, role);
                self.cell(part, cell, counted);
            } else {
                self.cell_at_fault(part);
            }
        }
        self.trained();
    }

    /// A cell of which only the name is known: what uses the loss finds its field all the same.
    pub(in crate::lower) fn cell_at_fault(&mut self, part: CellPart<'a>) {
        self.output.cells.push(part);
    }

    /// Every trained cell must reach something to train. Asked when all are known, in one walk.
    fn trained(&mut self) {
        if !self.rules.reports.diagnostics.is_clean() {
            return;
        }
        let trained = |id| check::is_trainable(&self.output.diagram, id);
        let trainable = check::trainable_paths(&self.output.diagram, &trained);
        for part in &self.output.cells {
            let Some(cell) = part
                .index
                .and_then(|index| self.output.diagram.cells.get(index))
            else {
                continue;
            };
            let learns = !cell.loss.learned().is_empty();
            let moved = learns || cell.ends.iter().any(|end| trainable[end.0]);
            if cell.role == CellRole::Trained && !moved {
                let fault = check::nothing_to_train(&self.output.diagram, cell);
                self.rules.reports.diagnostics.fault(part.place, fault);
            }
        }
    }

    pub(in crate::lower) fn cell(
        &mut self,
        mut part: CellPart<'a>,
        cell: &tree::Cell,
        counted: CellClauses,
    ) {
        let CellClauses { weight, mask } = counted;
        let ends = self.paths().ends(&cell.ends);
        let by = loss_of(
            cell,
            ends.as_ref().map(|(_, typed)| typed.as_slice()),
            &self.default_losses,
        );
        let found = match (by, &cell.ends) {
            (None, Ends::Agree(..)) => losses::find("mse").map(FoundLoss::Known),
            (None, Ends::Minimize(_)) => Some(FoundLoss::Known(&losses::ITSELF)),
            (Some(written), _) => {
                let found = find_loss(written, part.role, Some(cell));
                self.rules.take(found)
            }
        };
        part.weight = weight.as_ref().map(|weight| weight.weight.clone());
        let ends = ends.zip(found).and_then(|((mut ends, mut typed), found)| {
            self.paths()
                .with_number(cell, (&found, by), &mut ends, &mut typed)?;
            Some((ends, typed, found))
        });
        if let (Some((ends, typed, found)), Some(weight)) = (ends, weight) {
            part.higher_is_better = found.higher_is_better();
            let mut measuring = Measuring {
                rules: &mut self.rules,
                diagram: &mut self.output.diagram,
                cell,
                part: &part,
                ends: &ends,
                typed: &typed,
            };
            let applied = measuring.applied(&found, by);
            self.whole_cell(
                &mut part,
                cell,
                (applied, &found.name()),
                (&ends, &typed),
                (weight, mask),
            );
        }
        self.output.cells.push(part);
    }

    /// A cell whose ends and weight are known; its loss may be at fault.
    fn whole_cell(
        &mut self,
        part: &mut CellPart<'a>,
        cell: &tree::Cell,
        (mut applied, name): (Option<Applied>, &str),
        (ends, typed): (&[PlacedEnd], &[Typed]),
        (weight, mask): (CellWeight, Option<UnitClause>),
    ) {
        if let Some(applied) = &mut applied {
            let by = cell.clauses.loss.as_ref();
            let place = by.map_or(cell.place, |loss| loss.place);
            let reports = &mut self.rules.reports;
            self.learned
                .arguments(part.role, &mut applied.measure, place, reports);
        }
        let mut measured = applied.as_ref().map(|applied| Measured {
            ends: ends.iter().map(|end| end.end.shape.clone()).collect(),
            end_places: ends.iter().map(|end| end.place).collect(),
            argument_places: applied.argument_places.clone(),
            typed: applied.typed.clone(),
            weight: None,
            mask: None,
        });
        if let Some(measured) = &mut measured {
            let (of, diagram) = ((name, &measured.typed), &self.output.diagram);
            if let Some(weight) = &weight.path {
                measured.weight = self.rules.of_units(diagram, Kind::Float, weight, of);
            }
            if let Some(mask) = &mask {
                measured.mask = self.rules.of_units(diagram, Kind::Bool, mask, of);
            }
        }
        let typed_loss = applied.as_ref().map(|one| one.typed.clone());
        let (loss, limits) = applied.map_or((Measure::Itself, Vec::new()), |applied| {
            (applied.measure, applied.limits)
        });
        part.measured = measured;
        part.index = Some(self.output.diagram.cells.len());
        self.output.diagram.cells.push(Cell {
            name: part.name.as_ref().map(bare),
            text: shown(&cell.ends),
            ends: typed.iter().map(|typed| typed.path).collect(),
            loss,
            limits,
            weight: weight.weight,
            mask: mask.map(|mask| mask.clause),
            role: part.role,
        });
        let first = ends.first();
        let of = first.map_or(String::new(), |end| format!("`{}`", end.end.text));
        let Some(typed) = typed_loss else {
            return;
        };
        self.rules
            .is_a_class(&cell.ends, typed.classes.as_ref(), &of);
        let cell = self.output.diagram.cells.len() - 1;
        let held = indices::of_cell(&self.output.diagram, cell, &typed);
        self.output.diagram.index_ranges.extend(held);
    }
}
