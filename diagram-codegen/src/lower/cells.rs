//! Cells and watches: their ends, losses and weights.

use std::collections::HashMap;

use diagram_core::{Cell, CellRole, Code, Fault, Weight, check};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use super::names::Entity;
use super::paths::Typed;
use super::scope::{HyperType, field_ident};
use super::unsupported::not_yet;
use super::{Attributes, CellPart, Lowering};
use crate::layers::arguments::{Arguments, float};
use crate::losses::{self, End, Loss};
use crate::syntax::tree::{self, CellWeight, Ends, ItemKind, PathKind, Place, bare, shown};

/// A cell's weight in the diagram, in code, and as the default of a field of its own.
struct Weighed {
    weight: Weight,
    code: Option<TokenStream>,
    own: Option<TokenStream>,
}

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
            self.cell(name, cell, role, &item.attributes);
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
        let mut part = CellPart {
            name,
            attributes,
            role,
            index: None,
            loss: None,
            higher_is_better: false,
            weight: None,
            own_weight: None,
        };
        let ends = self.ends(&cell.ends);
        let loss = self.find_loss(cell, role);
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
            part.loss = self.built(cell, role, loss, &ends, &typed);
            let paths: Vec<_> = typed.iter().map(|typed| typed.path).collect();
            let text = shown(&cell.ends);
            part.index = Some(self.diagram.cells.len());
            self.diagram.cells.push(Cell {
                name: name.map(bare),
                text,
                ends: paths,
                loss: cell.clauses.loss.as_ref().map_or("mse".to_owned(), shown),
                weight: weighed.weight,
                role,
            });
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
        let typed = (self.path(left), self.path(right));
        let (one, other) = (typed.0?, typed.1?);
        let end = |path: &tree::Path, typed: Typed| {
            let object = self.diagram.object(typed.end);
            End {
                text: shown(path),
                object: object.name.clone(),
                shape: object.shape.clone(),
                place: path.place,
            }
        };
        Some(([end(left, one), end(right, other)], [one, other]))
    }

    /// The loss of a cell; `mse` where none is named.
    fn find_loss(&mut self, cell: &tree::Cell, role: CellRole) -> Option<&'static Loss> {
        let Some(written) = &cell.clauses.loss else {
            return losses::find("mse");
        };
        let fault = match written.path.0.get_ident() {
            None => not_yet("a function as a loss"),
            Some(name) => match losses::find(&bare(name)) {
                Some(loss) if loss.metric && role == CellRole::Trained => {
                    // error: `accuracy` is a metric: it can be watched, not trained [D0408]
                    Fault::new(
                        Code::MetricTrained,
                        format!(
                            "`{}` is a metric: it can be watched, not trained",
                            loss.name
                        ),
                    )
                    .help(format!(
                        "`watch {}: {} by {};`",
                        loss.name, cell.ends, loss.name
                    ))
                }
                Some(loss) => return Some(loss),
                None if losses::is_later(&bare(name)) => not_yet(&format!("the loss `{name}`")),
                None => {
                    let name = bare(name);
                    let fault = Fault::new(Code::UnknownLoss, format!("there is no loss `{name}`"));
                    match diagram_core::fault::nearest(&name, losses::names()) {
                        Some(near) => fault.help(format!("did you mean `{near}`?")),
                        None => fault,
                    }
                }
            },
        };
        self.fault(written.place, fault);
        None
    }

    /// The loss with its arguments, on ends that it takes.
    fn built(
        &mut self,
        cell: &tree::Cell,
        role: CellRole,
        loss: &'static Loss,
        ends: &[End; 2],
        typed: &[Typed; 2],
    ) -> Option<losses::Built> {
        let [left, right] = ends;
        if loss.parallel {
            let parallel = check::parallel(
                &self.diagram,
                (&left.text, typed[0].end),
                (&right.text, typed[1].end),
            );
            let place = match &cell.ends {
                Ends::Agree(left, right) => left.place.to(right.place),
                Ends::Minimize(path) => path.place,
            };
            if let Err(fault) = parallel {
                let fault = if self.are_logits_and_classes(ends) {
                    fault.help(format!("`{} by cross_entropy`", cell.ends))
                } else {
                    fault
                };
                self.fault(place, fault);
                return None;
            }
        }
        let written = cell.clauses.loss.as_ref();
        let arguments = written
            .and_then(|loss| loss.arguments.as_deref())
            .unwrap_or_default();
        let place = written.map_or(cell.place, |loss| loss.place);
        let read = Arguments::read(loss.name, loss.parameters, arguments, place, &self.scope);
        let arguments = match read {
            Ok(arguments) => arguments,
            Err(faults) => {
                for (place, fault) in faults {
                    self.fault(place, fault);
                }
                return None;
            }
        };
        let hypers = quote!(self.hyper);
        let site = losses::Site {
            ends,
            place,
            runtime: &self.runtime,
            hypers: &hypers,
        };
        let built = self.diagnostics.take((loss.build)(&arguments, &site))?;
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
        };
        Arguments::read(loss.name, loss.parameters, &[], place, &self.scope)
            .is_ok_and(|arguments| (loss.build)(&arguments, &site).is_ok())
    }

    /// What the cell's loss is multiplied by.
    fn weight(
        &mut self,
        cell: &'a tree::Cell,
        role: CellRole,
        name: Option<&Ident>,
    ) -> Option<Weighed> {
        let Some(weight) = &cell.clauses.weight else {
            return Some(own(quote!(1.0), "1.0".to_owned(), name));
        };
        let (place, fault) = match weight {
            _ if role == CellRole::Watched => {
                // error: a watch has no weight: it is not trained [D0404]
                (
                    weight_place(weight),
                    Fault::new(Code::BadWeight, "a watch has no weight: it is not trained"),
                )
            }
            CellWeight::Learned(_, place) => (*place, not_yet("`weight learned`")),
            CellWeight::Number(number) => match float(number) {
                Some(value) if value >= 0.0 && value.is_finite() => {
                    return Some(own(value.to_token_stream(), number.to_string(), name));
                }
                // error: a weight cannot be negative, but is -0.5 [D0404]
                Some(_) => (
                    number.place,
                    Fault::new(
                        Code::BadWeight,
                        format!("a weight cannot be negative, but is {number}"),
                    )
                    .help("a weight of 0 turns the cell off"),
                ),
                None => (
                    number.place,
                    Fault::new(
                        Code::BadWeight,
                        format!("`{number}` is no number that a weight can be"),
                    ),
                ),
            },
            CellWeight::Constant(path) => {
                return Some(own(path.0.to_token_stream(), path.to_string(), name));
            }
            CellWeight::Path(path) => match self.named_weight(path, name) {
                Ok(weighed) => return Some(weighed),
                Err(fault) => (path.place, fault),
            },
        };
        self.fault(place, fault);
        None
    }

    /// A hyper-parameter or a constant as a weight of this cell.
    fn named_weight(&self, path: &tree::Path, cell: Option<&Ident>) -> Result<Weighed, Fault> {
        let PathKind::Name(ident) = &path.kind else {
            return Err(not_yet("a path as a weight"));
        };
        let name = bare(ident);
        match self.scope.hyper(&name) {
            Some(hyper) if hyper.ty == HyperType::Float => {
                let field = field_ident(&name);
                let code = Some(quote!(self.hyper.#field));
                Ok(Weighed {
                    weight: Weight::Hyper(name),
                    code,
                    own: None,
                })
            }
            // error: `hidden` cannot be a weight: it is of type `usize`, and a weight is of type `f64` [D0404]
            Some(hyper) => Err(Fault::new(
                Code::BadWeight,
                format!(
                    "`{name}` cannot be a weight: it is of type `{}`, and a weight is of type `f64`",
                    hyper.ty
                ),
            )),
            None if matches!(
                self.names.get(&name),
                Some(Entity::Morphism(_) | Entity::Space(..) | Entity::Datum(_))
            ) =>
            {
                Err(not_yet("a path as a weight"))
            }
            // A name in upper case is a Rust constant, as in arguments.
            None if name.starts_with(char::is_uppercase) => {
                Ok(own(ident.to_token_stream(), name, cell))
            }
            None => {
                let floats = self
                    .scope
                    .hypers
                    .iter()
                    .filter(|hyper| hyper.ty == HyperType::Float);
                let floats = floats.map(|hyper| hyper.name.as_str());
                Err(check::not_found(
                    Code::UnknownHyper,
                    "hyper-parameter",
                    &name,
                    floats,
                ))
            }
        }
    }
}

fn weight_place(weight: &CellWeight) -> Place {
    match weight {
        CellWeight::Learned(_, place) => *place,
        CellWeight::Number(number) => number.place,
        CellWeight::Constant(path) => path.0.span().into(),
        CellWeight::Path(path) => path.place,
    }
}

/// A weight of the cell's own. A named cell keeps it in a field, where it can be changed.
fn own(default: TokenStream, text: String, name: Option<&Ident>) -> Weighed {
    match name {
        Some(_) => Weighed {
            weight: Weight::Own(text),
            code: None,
            own: Some(default),
        },
        None => Weighed {
            weight: Weight::Own(text),
            code: Some(default),
            own: None,
        },
    }
}
