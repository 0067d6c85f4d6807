//! Cells and watches: their names, ends and losses.

use std::collections::HashMap;

use diagram_core::{Cell, CellRole, Code, Fault, Kind, Measure, Term, check};
use diagram_layers::indices;
use diagram_layers::losses::{self, End, Form};
use proc_macro2::Ident;

use crate::lower::cells::applied::Applied;
use crate::lower::cells::commutes::Asked;
use crate::lower::cells::measures::{FoundLoss, find_loss};
use crate::lower::cells::units::UnitClause;
use crate::lower::cells::weights::CellWeight;
use crate::lower::paths::Typed;
use crate::lower::{CellPart, Lowering, Measured};
use crate::place::Place;
use crate::syntax::tree::{self, Ends, ItemKind, PathKind, WeightClause, bare, shown};

mod applied;
mod commutes;
pub(in crate::lower) mod learned;
mod measures;
mod numbers;
mod units;
mod weights;

/// Where each cell is declared, by name, and whether it is one that `commutes` makes.
pub(in crate::lower) type CellNames = HashMap<String, (Place, bool)>;

/// An end of a cell, and where it stands.
pub(in crate::lower) struct PlacedEnd {
    pub(in crate::lower) end: End,
    pub(in crate::lower) place: Place,
}

/// The ends alone.
pub(in crate::lower) fn bare_ends(ends: &[PlacedEnd]) -> Vec<End> {
    ends.iter().map(|placed| placed.end.clone()).collect()
}

/// The form in which a cell has its ends.
pub(in crate::lower) fn form(ends: &Ends) -> Form {
    match ends {
        Ends::Agree(..) => Form::Agree,
        Ends::Minimize(_) => Form::Minimize,
    }
}

/// How the units of a cell count.
#[derive(Clone)]
pub(in crate::lower) struct CellClauses {
    weight: Option<CellWeight>,
    mask: Option<UnitClause>,
}

impl<'a> Lowering<'a, '_> {
    pub(in crate::lower) fn cells(&mut self) {
        let tree = self.tree;
        let mut names = CellNames::new();
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
            if name.is_some_and(|name| !self.cell_name(name, false, &mut names)) {
                continue;
            }
            let part = CellPart::new(name.cloned(), cell.place, &item.attributes, role);
            if item.whole {
                self.known.learned.begin(name, &cell.ends);
                let counted = self.cell_clauses(&cell.clauses, role);
                self.cell(part, cell, counted);
            } else {
                self.cell_at_fault(part);
            }
        }
        self.trained();
    }

    /// A cell of which only the name is known: what uses the loss finds its field all the same.
    pub(in crate::lower) fn cell_at_fault(&mut self, part: CellPart<'a>) {
        self.parts.cells.push(part);
    }

    /// Every trained cell must reach something to train. Asked when all are known, in one walk.
    fn trained(&mut self) {
        if !self.diagnostics.is_clean() {
            return;
        }
        let trained = |id| check::is_trainable(&self.diagram, id);
        let trainable = check::trainable_paths(&self.diagram, &trained);
        for part in &self.parts.cells {
            let Some(cell) = part.index.and_then(|index| self.diagram.cells.get(index)) else {
                continue;
            };
            let learns = !cell.loss.learned().is_empty();
            let moved = learns || cell.ends.iter().any(|end| trainable[end.0]);
            if cell.role == CellRole::Trained && !moved {
                let fault = check::nothing_to_train(&self.diagram, cell);
                self.diagnostics.fault(part.place, fault);
            }
        }
    }

    /// Cells have a namespace of their own. `made` are those of `commutes`.
    pub(in crate::lower) fn cell_name(
        &mut self,
        name: &Ident,
        made: bool,
        names: &mut CellNames,
    ) -> bool {
        let text = bare(name);
        let place = Place::of(name.span());
        if text == "total" {
            // error: a cell cannot be called `total`: the loss has a field of that name [D0110]
            let fault = Fault::new(
                Code::OwnedName,
                "a cell cannot be called `total`: the loss has a field of that name",
            );
            self.fault(place, fault);
            return false;
        }
        if self.is_kept(name) {
            return false;
        }
        let Some((first, made_first)) = names.get(&text).copied() else {
            names.insert(text, (place, made));
            return true;
        };
        let twice = if made {
            // error: `commutes` makes a cell `embedding_1`, and there is one of that name [D0107]
            let twice = format!("`commutes` makes a cell `{text}`, and there is one of that name");
            Fault::new(Code::DeclaredTwice, twice)
        } else {
            check::cell_declared_twice(&text)
        };
        self.fault(place, twice);
        let here = if made_first {
            format!("`commutes` makes the cell `{text}` here first")
        } else {
            format!("the cell `{text}` is declared here first")
        };
        self.fault(first, Fault::new(Code::DeclaredTwice, here));
        false
    }

    /// The weight and the mask of a cell.
    pub(in crate::lower) fn cell_clauses(
        &mut self,
        clauses: &tree::Clauses,
        role: CellRole,
    ) -> CellClauses {
        let weight = self.weight(clauses, role);
        let mask = clauses.mask.as_ref();
        let mask = mask.and_then(|mask| self.unit_clause(mask));
        CellClauses { weight, mask }
    }

    /// Those of a further cell with the same clauses: what their paths draw is drawn once, and what a weight
    /// learns is each cell's own.
    pub(in crate::lower) fn clauses_alike(
        &mut self,
        first: &CellClauses,
        clauses: &tree::Clauses,
    ) -> CellClauses {
        let mut counted = first.clone();
        if matches!(clauses.weight, Some(WeightClause::Learned(..))) {
            counted.weight = self.weight(clauses, CellRole::Trained);
        }
        counted
    }

    pub(in crate::lower) fn cell(
        &mut self,
        mut part: CellPart<'a>,
        cell: &tree::Cell,
        counted: CellClauses,
    ) {
        let CellClauses { weight, mask } = counted;
        let ends = self.ends(&cell.ends);
        let by = self.loss_of(cell, ends.as_ref().map(|(_, typed)| typed.as_slice()));
        let found = match (by, &cell.ends) {
            (None, Ends::Agree(..)) => losses::find("mse").map(FoundLoss::Known),
            (None, Ends::Minimize(_)) => Some(FoundLoss::Known(&losses::ITSELF)),
            (Some(written), _) => {
                let found = find_loss(written, part.role, Some(cell));
                self.diagnostics.take(found)
            }
        };
        part.weight = weight.as_ref().map(|weight| weight.weight.clone());
        let ends = ends.zip(found).and_then(|((mut ends, mut typed), found)| {
            self.with_number(cell, (&found, by), &mut ends, &mut typed)?;
            Some((ends, typed, found))
        });
        if let (Some((ends, typed, found)), Some(weight)) = (ends, weight) {
            part.higher_is_better = found.higher_is_better();
            let applied = self.applied_loss(cell, &part, (&found, by), &ends, &typed);
            self.whole_cell(
                &mut part,
                cell,
                (applied, &found.name()),
                (&ends, &typed),
                (weight, mask),
            );
        }
        self.parts.cells.push(part);
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
            self.learned_arguments(part.role, &mut applied.measure, place);
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
            let of = (name, &measured.typed);
            if let Some(weight) = &weight.path {
                measured.weight = self.of_units(Kind::Float, weight, of);
            }
            if let Some(mask) = &mask {
                measured.mask = self.of_units(Kind::Bool, mask, of);
            }
        }
        let typed_loss = applied.as_ref().map(|one| one.typed.clone());
        let (loss, limits) = applied.map_or((Measure::Itself, Vec::new()), |applied| {
            (applied.measure, applied.limits)
        });
        part.measured = measured;
        part.index = Some(self.diagram.cells.len());
        self.diagram.cells.push(Cell {
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
        self.is_a_class(&cell.ends, typed.classes.as_ref(), &of);
        let cell = self.diagram.cells.len() - 1;
        let held = indices::of_cell(&self.diagram, cell, &typed);
        self.diagram.index_ranges.extend(held);
    }

    /// The ends of a cell, as losses see them and as typed paths.
    fn ends(&mut self, ends: &Ends) -> Option<(Vec<PlacedEnd>, Vec<Typed>)> {
        let (left, right) = match ends {
            Ends::Agree(left, right) => (left, right),
            Ends::Minimize(path) => return self.minimised(path),
        };
        let typed = self.sides(left, right);
        let (one, other) = (typed.0?, typed.1?);
        let ends = vec![
            self.end(shown(left), left.place, &one),
            self.end(shown(right), right.place, &other),
        ];
        Some((ends, vec![one, other]))
    }

    fn end(&self, text: String, place: Place, typed: &Typed) -> PlacedEnd {
        let end = End {
            text,
            object: self.diagram.space(&typed.end),
            shape: self.diagram.shape(&typed.end),
            datum: matches!(self.diagram.paths.term(typed.path), Term::Datum(_)),
        };
        PlacedEnd { end, place }
    }

    /// The factors of what is minimised, each as it is written or as the factor that it is.
    fn minimised(&mut self, path: &tree::Path) -> Option<(Vec<PlacedEnd>, Vec<Typed>)> {
        let typed = self.path(path)?;
        let parts = match &path.kind {
            PathKind::Tuple(parts) if parts.len() == typed.len() => Some(parts),
            _ => None,
        };
        let ends = typed.iter().enumerate().map(|(factor, typed)| {
            let part = parts.and_then(|parts| parts.get(factor));
            match part {
                Some(part) => self.end(shown(part), part.place, typed),
                None => {
                    let object = &self.diagram.object(typed.end.object).name;
                    self.end(format!("{path}.{object}"), path.place, typed)
                }
            }
        });
        let mut ends: Vec<_> = ends.collect();
        if let [end] = ends.as_mut_slice() {
            end.end.text = shown(path);
        }
        Some((ends, typed))
    }
}
