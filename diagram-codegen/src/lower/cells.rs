//! Cells and watches: their names, ends and losses.

use std::collections::HashMap;

use diagram_core::{Cell, CellRole, Code, Fault, Kind, ObjectId, Term, check};
use proc_macro2::Ident;
use quote::quote;

use super::commutes::Asked;
use super::measures::{Measure, find_loss};
use super::paths::Typed;
use super::units::Counting;
use super::weights::Weighed;
use super::{CellPart, Lowering};
use crate::layers::arguments::Arguments;
use crate::losses::{self, End};
use crate::syntax::tree::{self, CellWeight, Ends, ItemKind, PathKind, Place, bare, shown};

/// Where each cell is declared, by name, and whether it is one that `commutes` makes.
pub(super) type CellNames = HashMap<String, (Place, bool)>;

/// How the units of a cell count.
#[derive(Clone)]
pub(super) struct Counted {
    weighed: Option<Weighed>,
    mask: Option<Counting>,
}

impl<'a> Lowering<'a, '_> {
    pub(super) fn cells(&mut self) {
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
                let counted = self.counted(&cell.clauses, role, name);
                self.cell(part, cell, counted);
            } else {
                self.cell_at_fault(part);
            }
        }
        self.trained();
    }

    /// A cell of which only the name is known: what uses the loss finds its field all the same.
    pub(super) fn cell_at_fault(&mut self, part: CellPart<'a>) {
        self.cells.push(CellPart {
            own_weight: part.name.as_ref().map(|_| quote!(1.0)),
            ..part
        });
    }

    /// Every trained cell must reach something to train. Asked when all are known, in one walk.
    fn trained(&mut self) {
        if !self.diagnostics.is_clean() {
            return;
        }
        let trainable = check::trainable_paths(&self.diagram);
        for part in &self.cells {
            let Some(cell) = part.index.and_then(|index| self.diagram.cells.get(index)) else {
                continue;
            };
            let learns = !part.learned.is_empty();
            let moved = learns || cell.ends.iter().any(|end| trainable[end.0]);
            if cell.role == CellRole::Trained && !moved {
                let fault = check::nothing_to_train(&self.diagram, cell);
                self.diagnostics.fault(part.place, fault);
            }
        }
    }

    /// Cells have a namespace of their own. `made` are those of `commutes`.
    pub(super) fn cell_name(&mut self, name: &Ident, made: bool, names: &mut CellNames) -> bool {
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
            format!("`commutes` makes a cell `{text}`, and there is one of that name")
        } else {
            // error: the cell `soft` is declared twice [D0107]
            format!("the cell `{text}` is declared twice")
        };
        self.fault(place, Fault::new(Code::DeclaredTwice, twice));
        let here = if made_first {
            format!("`commutes` makes the cell `{text}` here first")
        } else {
            format!("the cell `{text}` is declared here first")
        };
        self.fault(first, Fault::new(Code::DeclaredTwice, here));
        false
    }

    /// The weight and the mask of a cell.
    pub(super) fn counted(
        &mut self,
        clauses: &tree::Clauses,
        role: CellRole,
        name: Option<&Ident>,
    ) -> Counted {
        let weighed = self.weight(clauses, role, name);
        let mask = clauses.mask.as_ref();
        let mask = mask.and_then(|mask| self.counting(mask));
        Counted { weighed, mask }
    }

    /// Those of a further cell with the same clauses: what their paths draw is drawn once, and what a weight
    /// learns is each cell's own.
    pub(super) fn counted_alike(
        &mut self,
        first: &Counted,
        clauses: &tree::Clauses,
        name: &Ident,
    ) -> Counted {
        let mut counted = first.clone();
        if matches!(clauses.weight, Some(CellWeight::Learned(..))) {
            counted.weighed = self.weight(clauses, CellRole::Trained, Some(name));
        }
        counted
    }

    pub(super) fn cell(&mut self, mut part: CellPart<'a>, cell: &tree::Cell, counted: Counted) {
        let role = part.role;
        let Counted { weighed, mask } = counted;
        let ends = self.ends(&cell.ends);
        let by = self.loss_of(cell, ends.as_ref().map(|(_, typed)| typed.as_slice()));
        let measure = match (by, &cell.ends) {
            (None, Ends::Agree(..)) => losses::find("mse").map(Measure::Known),
            (None, Ends::Minimize(_)) => Some(Measure::Known(&losses::ITSELF)),
            (Some(written), _) => self.diagnostics.take(find_loss(written, role, Some(cell))),
        };
        match &weighed {
            Some(weighed) => {
                part.weight.clone_from(&weighed.code);
                part.own_weight.clone_from(&weighed.own);
            }
            // What uses the model finds the field of a weight at fault all the same.
            None => part.own_weight = part.name.as_ref().map(|_| quote!(1.0)),
        }
        let ends = ends
            .zip(measure)
            .and_then(|((mut ends, mut typed), measure)| {
                self.with_number(cell, (&measure, by), &mut ends, &mut typed)?;
                Some((ends, typed, measure))
            });
        if let (Some((ends, typed, measure)), Some(weighed)) = (ends, weighed) {
            part.higher_is_better = measure.higher_is_better();
            part.loss = self.built(cell, &part, (&measure, by), &ends, &typed);
            if let Some(built) = &part.loss {
                let place = by.map_or(cell.place, |loss| loss.place);
                part.learned = self.learned_arguments(part.name.as_ref(), role, built, place);
            }
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let text = shown(&cell.ends);
            let (limits, classes, ignored) = match &part.loss {
                Some(built) => {
                    let counts = built.counts.as_ref();
                    let ignored = counts.map(|counts| counts.ignored.clone());
                    (built.limits.clone(), built.classes.clone(), ignored)
                }
                None => Default::default(),
            };
            if let Some(built) = &mut part.loss {
                let name = measure.name();
                if let Some(weight) = &weighed.path {
                    built.weight = self.of_units(Kind::Float, weight, (&name, built));
                }
                if let Some(mask) = &mask {
                    built.mask = self.of_units(Kind::Bool, mask, (&name, built));
                }
            }
            part.index = Some(self.diagram.cells.len());
            let of = ends
                .first()
                .map_or(String::new(), |end| format!("`{}`", end.text));
            let default = match &cell.ends {
                Ends::Agree(..) => "mse",
                Ends::Minimize(_) => "",
            };
            self.diagram.cells.push(Cell {
                name: part.name.as_ref().map(bare),
                text,
                ends: paths,
                loss: by.map_or(default.to_owned(), shown),
                limits,
                weight: weighed.weight,
                mask: mask.map(|mask| mask.clause),
                role,
            });
            self.is_a_class(&cell.ends, classes.as_ref(), &of);
            self.holds_classes(classes, &ignored.unwrap_or_default());
        }
        self.cells.push(part);
    }

    /// The ends of a cell, as losses see them and as typed paths.
    fn ends(&mut self, ends: &Ends) -> Option<(Vec<End>, Vec<Typed>)> {
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

    fn end(&self, text: String, place: Place, typed: &Typed) -> End {
        End {
            text,
            object: self.diagram.space(&typed.end),
            shape: self.diagram.shape(&typed.end),
            datum: matches!(self.diagram.paths.term(typed.path), Term::Datum(_)),
            place,
        }
    }

    /// The factors of what is minimised, each as it is written or as the factor that it is.
    fn minimised(&mut self, path: &tree::Path) -> Option<(Vec<End>, Vec<Typed>)> {
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
            end.text = shown(path);
        }
        Some((ends, typed))
    }

    /// What a cell is compared by: what it names, else the metric of the left side's object, else of the
    /// right's. `mse` where there is none.
    fn loss_of<'c>(&self, cell: &'c tree::Cell, ends: Option<&[Typed]>) -> Option<&'c tree::Loss>
    where
        'a: 'c,
    {
        let agree = matches!(cell.ends, Ends::Agree(..));
        let mut ends = ends.into_iter().flatten().filter(|_| agree);
        let metric = || ends.find_map(|end| self.metrics.get(&end.end.object).copied());
        cell.clauses.loss.as_ref().or_else(metric)
    }

    /// The metric of an object, without what only a cell can tell.
    pub(super) fn metric(&mut self, object: ObjectId, metric: Option<&'a tree::Loss>) {
        let Some(metric) = metric else { return };
        let found = find_loss(metric, CellRole::Trained, None);
        let Some(found) = self.diagnostics.take(found) else {
            return;
        };
        let Measure::Known(loss) = found else {
            self.diagram.objects[object.0].metric = Some(shown(metric));
            self.metrics.insert(object, metric);
            return;
        };
        let arguments = metric.arguments.as_deref().unwrap_or_default();
        let read = self
            .decided(|lowering| Arguments::of_loss(loss, arguments, metric.place, &lowering.scope));
        if read.is_some() {
            self.diagram.objects[object.0].metric = Some(shown(metric));
            self.metrics.insert(object, metric);
        }
    }

    /// The loss with its arguments, on ends that it takes.
    fn built(
        &mut self,
        cell: &tree::Cell,
        part: &CellPart<'_>,
        (measure, written): (&Measure, Option<&tree::Loss>),
        ends: &[End],
        typed: &[Typed],
    ) -> Option<losses::Built> {
        // What an object's metric does not take is said at the cell.
        let place = cell
            .clauses
            .loss
            .as_ref()
            .map_or(cell.place, |loss| loss.place);
        let (hypers, config) = (quote!(self.hyper), quote!(self.config));
        let built = match (measure, written) {
            (Measure::Known(loss), _) => {
                let formed = losses::formed(loss, ends, &cell.ends, cell.place);
                self.diagnostics.take(formed)?;
                if loss.parallel {
                    self.in_one_object(cell, ends, typed)?;
                }
                let arguments = written
                    .and_then(|loss| loss.arguments.as_deref())
                    .unwrap_or_default();
                let arguments = self.decided(|lowering| {
                    Arguments::of_loss(loss, arguments, place, &lowering.scope)
                })?;
                let built = self.decided(|lowering| {
                    let site = losses::Site {
                        ends,
                        place,
                        runtime: &lowering.runtime,
                        hypers: &hypers,
                        config: &config,
                        scope: &lowering.scope,
                    };
                    (loss.build)(&arguments, &site).map_err(|fault| vec![fault])
                })?;
                self.takes_numbers(cell, part, (loss, written, &arguments), typed);
                built
            }
            (Measure::Function(_), None) => return None,
            (Measure::Function(_), Some(written)) => {
                let site = losses::Site {
                    ends,
                    place,
                    runtime: &self.runtime,
                    hypers: &hypers,
                    config: &config,
                    scope: &self.scope,
                };
                let function = losses::function(written, &site);
                self.diagnostics.take(function)?
            }
        };
        // Equal ends of what is minimised are meant, if anyone writes them.
        if let Ends::Agree(..) = &cell.ends {
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let zero = check::always_zero(&self.diagram, &shown(&cell.ends), &paths, part.role);
            if let Some(warning) = zero {
                self.warn(&[part.attributes], cell.place, warning);
            }
        }
        Some(built)
    }

    /// All ends are in one object.
    fn in_one_object(&mut self, cell: &tree::Cell, ends: &[End], typed: &[Typed]) -> Option<()> {
        let mut pairs = ends.iter().zip(typed);
        let Some(first) = pairs.next() else {
            return Some(());
        };
        for other in pairs {
            let place = match &cell.ends {
                Ends::Agree(left, right) => left.place.to(right.place),
                Ends::Minimize(_) => other.0.place,
            };
            self.settled(place, |lowering| {
                let parallel = check::parallel(
                    &lowering.diagram,
                    (&first.0.text, &first.1.end),
                    (&other.0.text, &other.1.end),
                );
                parallel.map_err(|fault| {
                    if lowering.are_logits_and_classes(ends) {
                        fault.help(format!("`{} by cross_entropy`", cell.ends))
                    } else {
                        fault
                    }
                })
            })?;
        }
        Some(())
    }

    /// Whether the ends are logits and their classes, which `cross_entropy` takes.
    fn are_logits_and_classes(&self, ends: &[End]) -> bool {
        let loss = losses::find("cross_entropy").map(Measure::Known);
        ends.len() == 2 && loss.is_some_and(|loss| self.takes(&loss, None, ends))
    }
}
