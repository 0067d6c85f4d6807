//! Cells and watches: their names, ends and losses.

use std::collections::HashMap;

use diagram_core::{Cell, CellRole, Code, Fault, Kind, ObjectId, check};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::paths::Typed;
use super::{Attributes, CellPart, Lowering};
use crate::layers::arguments::Arguments;
use crate::losses::{self, End, Loss};
use crate::lower::scope::Placed;
use crate::syntax::tree::{self, Ends, ItemKind, PathKind, Place, bare, shown};

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
        for ((cell, part), place) in self.diagram.cells.iter().zip(&self.cells).zip(places) {
            let learns = !part.learned.is_empty();
            let moved = learns || cell.ends.iter().any(|end| trainable[end.0]);
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
        let by = self.loss_of(cell, ends.as_ref().map(|(_, typed)| typed.as_slice()));
        let measure = match (by, &cell.ends) {
            (None, Ends::Agree(..)) => losses::find("mse").map(Measure::Known),
            (None, Ends::Minimize(_)) => Some(Measure::Known(&losses::ITSELF)),
            (Some(written), _) => self.diagnostics.take(find_loss(written, role, Some(cell))),
        };
        let weighed = self.weight(cell, role, name);
        let mask = cell.clauses.mask.as_ref();
        let mask = mask.and_then(|mask| self.counting(mask));
        match &weighed {
            Some(weighed) => {
                part.weight.clone_from(&weighed.code);
                part.own_weight.clone_from(&weighed.own);
            }
            // What uses the model finds the field of a weight at fault all the same.
            None => part.own_weight = name.map(|_| quote!(1.0)),
        }
        if let (Some((ends, typed)), Some(measure), Some(weighed)) = (ends, measure, weighed) {
            part.higher_is_better = measure.higher_is_better();
            part.loss = self.built(cell, role, (&measure, by), &ends, &typed);
            if let Some(built) = &part.loss {
                let place = by.map_or(cell.place, |loss| loss.place);
                part.learned = self.learned_arguments(name, role, built, place);
            }
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let text = shown(&cell.ends);
            let (limits, classes) = match &part.loss {
                Some(built) => (built.limits.clone(), built.classes.clone()),
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
            let default = match &cell.ends {
                Ends::Agree(..) => "mse",
                Ends::Minimize(_) => "",
            };
            self.diagram.cells.push(Cell {
                name: name.map(bare),
                text,
                ends: paths,
                loss: by.map_or(default.to_owned(), shown),
                limits,
                weight: weighed.weight,
                mask: mask.map(|mask| mask.clause),
                role,
            });
            self.holds_classes(classes);
        }
        self.cells.push(part);
    }

    /// The ends of a cell, as losses see them and as typed paths.
    fn ends(&mut self, ends: &'a Ends) -> Option<(Vec<End>, Vec<Typed>)> {
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
            place,
        }
    }

    /// The factors of what is minimised, each as it is written or as the factor that it is.
    fn minimised(&mut self, path: &'a tree::Path) -> Option<(Vec<End>, Vec<Typed>)> {
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
    fn loss_of(&self, cell: &'a tree::Cell, ends: Option<&[Typed]>) -> Option<&'a tree::Loss> {
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
        role: CellRole,
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
        let hypers = quote!(self.hyper);
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
                self.decided(|lowering| {
                    let site = losses::Site {
                        ends,
                        place,
                        runtime: &lowering.runtime,
                        hypers: &hypers,
                        scope: &lowering.scope,
                    };
                    (loss.build)(&arguments, &site).map_err(|fault| vec![fault])
                })?
            }
            (Measure::Function(_), None) => return None,
            (Measure::Function(_), Some(written)) => {
                let site = losses::Site {
                    ends,
                    place,
                    runtime: &self.runtime,
                    hypers: &hypers,
                    scope: &self.scope,
                };
                let function = losses::function(written, &site);
                self.diagnostics.take(function)?
            }
        };
        let paths: Vec<_> = match &cell.ends {
            Ends::Agree(..) => typed.iter().map(|typed| typed.path).collect(),
            // Equal ends are meant, if anyone writes them.
            Ends::Minimize(_) => typed.iter().take(1).map(|typed| typed.path).collect(),
        };
        let text = shown(&cell.ends);
        let logits = measure.takes_logits();
        for warning in check::suspicious(&self.diagram, &text, &paths, role, logits) {
            self.diagnostics.warning(cell.place, warning);
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
        let (Some(loss), [first, _]) = (losses::find("cross_entropy"), ends) else {
            return false;
        };
        let (place, hypers) = (first.place, TokenStream::new());
        let site = losses::Site {
            ends,
            place,
            runtime: &self.runtime,
            hypers: &hypers,
            scope: &self.scope,
        };
        Arguments::of_loss(loss, &[], place, &self.scope)
            .is_ok_and(|arguments| (loss.build)(&arguments, &site).is_ok())
    }
}

/// What a cell is measured by.
enum Measure {
    /// A loss of the table.
    Known(&'static Loss),
    /// A function of the user's, by its path.
    Function(String),
}

impl Measure {
    fn name(&self) -> String {
        match self {
            Measure::Known(loss) => loss.name.to_owned(),
            Measure::Function(path) => path.clone(),
        }
    }

    fn higher_is_better(&self) -> bool {
        matches!(self, Measure::Known(loss) if loss.higher_is_better)
    }

    fn takes_logits(&self) -> bool {
        matches!(self, Measure::Known(loss) if loss.takes_logits)
    }
}

/// The loss of this name, for a cell or, without one, an object.
fn find_loss(
    written: &tree::Loss,
    role: CellRole,
    cell: Option<&tree::Cell>,
) -> Result<Measure, Placed> {
    let fault = match written.path.0.get_ident() {
        None => return Ok(Measure::Function(written.path.to_string())),
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
            Some(loss) => return Ok(Measure::Known(loss)),
            None => {
                let name = bare(name);
                let fault = Fault::new(Code::UnknownLoss, format!("there is no loss `{name}`"));
                match losses::spelling::meant(&name) {
                    Some(near) => fault.help(format!("did you mean `{near}`?")),
                    None => {
                        let names: Vec<_> =
                            losses::names().map(|name| format!("`{name}`")).collect();
                        fault
                            .note(format!("there is {}", names.join(", ")))
                            .help(format!("a function of your own has a path: `self::{name}`"))
                    }
                }
            }
        },
    };
    Err((written.place, fault))
}
