//! Cells and watches: their names, ends and losses.

use std::collections::HashMap;

use diagram_core::{Cell, CellRole, Code, Fault, ObjectId, check};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::paths::Typed;
use super::unsupported::not_yet;
use super::{Attributes, CellPart, Lowering};
use crate::layers::arguments::Arguments;
use crate::losses::{self, End, Loss};
use crate::lower::scope::Placed;
use crate::syntax::tree::{self, Ends, ItemKind, Place, bare, shown};

impl<'a> Lowering<'a, '_> {
    pub(super) fn cells(&mut self) {
        let tree = self.tree;
        let mut names: HashMap<String, Place> = HashMap::new();
        for item in &tree.items {
            let (name, cell, role) = match &item.kind {
                ItemKind::Cell { name, cell } => (name.as_ref(), cell, CellRole::Trained),
                ItemKind::Watch { name, cell } => (Some(name), cell, CellRole::Watched),
                _ => continue,
            };
            if name.is_some_and(|name| !self.cell_name(name, &mut names)) {
                continue;
            }
            if item.whole {
                self.cell(name, cell, role, &item.attributes);
            } else {
                // Its name is known all the same: what uses the loss finds its field.
                self.cells.push(CellPart {
                    own_weight: name.map(|_| quote!(1.0)),
                    ..CellPart::new(name, &item.attributes, role)
                });
            }
        }
        self.trained(&tree.items);
    }

    /// Every trained cell must reach something to train. Asked when all are known, in one walk.
    fn trained(&mut self, items: &'a [tree::Item]) {
        if !self.diagnostics.is_clean() {
            return;
        }
        // Without faults every cell as written is one of the diagram.
        let places = items.iter().filter_map(|item| match &item.kind {
            ItemKind::Cell { cell, .. } | ItemKind::Watch { cell, .. } => Some(cell.place),
            _ => None,
        });
        let trainable = check::trainable_paths(&self.diagram);
        for (cell, place) in self.diagram.cells.iter().zip(places) {
            let moved = cell.ends.iter().any(|end| trainable[end.0]);
            if cell.role == CellRole::Trained && !moved {
                let fault = check::nothing_to_train(&self.diagram, cell);
                self.diagnostics.fault(place, fault);
            }
        }
    }

    /// Cells have a namespace of their own.
    fn cell_name(&mut self, name: &Ident, names: &mut HashMap<String, Place>) -> bool {
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
        match names.get(&text) {
            None => {
                names.insert(text, place);
                true
            }
            Some(first) => {
                let first = *first;
                let twice = format!("the cell `{text}` is declared twice");
                self.fault(place, Fault::new(Code::DeclaredTwice, twice));
                let here = format!("the cell `{text}` is declared here first");
                self.fault(first, Fault::new(Code::DeclaredTwice, here));
                false
            }
        }
    }

    fn cell(
        &mut self,
        name: Option<&'a Ident>,
        cell: &'a tree::Cell,
        role: CellRole,
        attributes: Attributes<'a>,
    ) {
        let mut part = CellPart::new(name, attributes, role);
        let ends = self.ends(&cell.ends);
        let by = self.loss_of(cell, ends.as_ref().map(|(_, typed)| typed));
        let loss = match by {
            None => losses::find("mse"),
            Some(written) => self.diagnostics.take(find_loss(written, role, Some(cell))),
        };
        let weighed = self.weight(cell, role, name);
        if let Some(mask) = &cell.clauses.mask {
            self.fault(mask.place, not_yet("`mask`"));
        }
        match &weighed {
            Some(weighed) => {
                part.weight.clone_from(&weighed.code);
                part.own_weight.clone_from(&weighed.own);
            }
            // What uses the model finds the field of a weight at fault all the same.
            None => part.own_weight = name.map(|_| quote!(1.0)),
        }
        if let (Some((ends, typed)), Some(loss), Some(weighed)) = (ends, loss, weighed) {
            part.higher_is_better = loss.higher_is_better;
            part.loss = self.built(cell, role, (loss, by), &ends, &typed);
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let text = shown(&cell.ends);
            let (limits, classes) = match &part.loss {
                Some(built) => (built.limits.clone(), built.classes.clone()),
                None => Default::default(),
            };
            part.index = Some(self.diagram.cells.len());
            self.diagram.cells.push(Cell {
                name: name.map(bare),
                text,
                ends: paths,
                loss: by.map_or("mse".to_owned(), shown),
                limits,
                weight: weighed.weight,
                role,
            });
            self.holds_classes(classes);
        }
        self.cells.push(part);
    }

    /// The two ends of a cell, as losses see them and as typed paths.
    fn ends(&mut self, ends: &'a Ends) -> Option<([End; 2], [Typed; 2])> {
        let (left, right) = match ends {
            Ends::Agree(left, right) => (left, right),
            Ends::Minimize(path) => {
                self.path(path);
                self.fault(path.place, not_yet("`minimize`"));
                return None;
            }
        };
        let typed = (self.one(left), self.one(right));
        let (one, other) = (typed.0?, typed.1?);
        let end = |path: &tree::Path, typed: &Typed| End {
            text: shown(path),
            object: self.diagram.space(&typed.end),
            shape: self.diagram.shape(&typed.end),
            place: path.place,
        };
        Some(([end(left, &one), end(right, &other)], [one, other]))
    }

    /// What a cell is compared by: what it names, else the metric of the left side's object, else of the
    /// right's. `mse` where there is none.
    fn loss_of(&self, cell: &'a tree::Cell, ends: Option<&[Typed; 2]>) -> Option<&'a tree::Loss> {
        let mut ends = ends.into_iter().flatten();
        let metric = || ends.find_map(|end| self.metrics.get(&end.end.object).copied());
        cell.clauses.loss.as_ref().or_else(metric)
    }

    /// The metric of an object, without what only a cell can tell.
    pub(super) fn metric(&mut self, object: ObjectId, metric: Option<&'a tree::Loss>) {
        let Some(metric) = metric else { return };
        let found = find_loss(metric, CellRole::Trained, None);
        let Some(loss) = self.diagnostics.take(found) else {
            return;
        };
        let arguments = metric.arguments.as_deref().unwrap_or_default();
        let read = self.decided(|lowering| {
            let (name, known) = (loss.name, loss.parameters);
            Arguments::read(name, known, arguments, metric.place, &lowering.scope)
        });
        if read.is_some() {
            self.diagram.objects[object.0].metric = Some(shown(metric));
            self.metrics.insert(object, metric);
        }
    }

    /// The loss with its arguments, on ends that it takes.
    fn built(
        &mut self,
        cell: &tree::Cell,
        role: CellRole,
        (loss, written): (&'static Loss, Option<&tree::Loss>),
        ends: &[End; 2],
        typed: &[Typed; 2],
    ) -> Option<losses::Built> {
        let [left, right] = ends;
        if loss.parallel {
            let place = match &cell.ends {
                Ends::Agree(left, right) => left.place.to(right.place),
                Ends::Minimize(path) => path.place,
            };
            self.settled(place, |lowering| {
                let parallel = check::parallel(
                    &lowering.diagram,
                    (&left.text, &typed[0].end),
                    (&right.text, &typed[1].end),
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
        let arguments = written
            .and_then(|loss| loss.arguments.as_deref())
            .unwrap_or_default();
        // What an object's metric does not take is said at the cell.
        let place = cell
            .clauses
            .loss
            .as_ref()
            .map_or(cell.place, |loss| loss.place);
        let arguments = self.decided(|lowering| {
            let (name, known) = (loss.name, loss.parameters);
            Arguments::read(name, known, arguments, place, &lowering.scope)
        })?;
        let hypers = quote!(self.hyper);
        let built = self.decided(|lowering| {
            let site = losses::Site {
                ends,
                place,
                runtime: &lowering.runtime,
                hypers: &hypers,
                facts: &lowering.scope.facts,
            };
            (loss.build)(&arguments, &site).map_err(|fault| vec![fault])
        })?;
        let paths = [typed[0].path, typed[1].path];
        let text = shown(&cell.ends);
        for warning in check::suspicious(&self.diagram, &text, &paths, role, loss.takes_logits) {
            self.diagnostics.warning(cell.place, warning);
        }
        Some(built)
    }

    /// Whether the ends are logits and their classes, which `cross_entropy` takes.
    fn are_logits_and_classes(&self, ends: &[End; 2]) -> bool {
        let Some(loss) = losses::find("cross_entropy") else {
            return false;
        };
        let (place, hypers) = (ends[0].place, TokenStream::new());
        let site = losses::Site {
            ends,
            place,
            runtime: &self.runtime,
            hypers: &hypers,
            facts: &self.scope.facts,
        };
        Arguments::read(loss.name, loss.parameters, &[], place, &self.scope)
            .is_ok_and(|arguments| (loss.build)(&arguments, &site).is_ok())
    }
}

/// The loss of this name, for a cell or, without one, an object.
fn find_loss(
    written: &tree::Loss,
    role: CellRole,
    cell: Option<&tree::Cell>,
) -> Result<&'static Loss, Placed> {
    let fault = match written.path.0.get_ident() {
        None => not_yet("a function as a loss"),
        Some(name) => match losses::find(&bare(name)) {
            Some(loss) if loss.metric && role == CellRole::Trained => {
                let name = loss.name;
                // error: `accuracy` is a metric: it can be watched, not trained [D0408]
                Fault::new(
                    Code::MetricTrained,
                    format!("`{name}` is a metric: it can be watched, not trained"),
                )
                .maybe_help(cell.map(|cell| format!("`watch {name}: {} by {name};`", cell.ends)))
            }
            Some(loss) => return Ok(loss),
            None if losses::is_later(&bare(name)) => not_yet(&format!("the loss `{name}`")),
            None => {
                let name = bare(name);
                let fault = Fault::new(Code::UnknownLoss, format!("there is no loss `{name}`"));
                match losses::spelling::meant(&name) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => {
                        let names: Vec<_> =
                            losses::names().map(|name| format!("`{name}`")).collect();
                        fault.note(format!("there is {}", names.join(", ")))
                    }
                }
            }
        },
    };
    Err((written.place, fault))
}
