//! `commutes`: the cells that a drawing makes of itself, as if each were written.

use std::collections::BTreeMap;

use diagram_core::commute::{Apart, Commuting, MOST_CELLS, Meeting};
use diagram_core::{CellRole, Code, Fault, Kind, MorphismId, ObjectId, Path, Paths, Term, check};
use proc_macro2::{Ident, Literal, Span};
use quote::format_ident;

use crate::idents::field_ident;
use crate::idents::snake_case;
use crate::lower::cells::names::CellNames;
use crate::lower::{CellPart, Lowering};
use crate::place::Place;
use crate::syntax::tree::{self, Ends, Item, ItemKind, PathKind, Rust, bare, shown};

/// Where `commutes` has asked already.
#[derive(Default)]
pub(in crate::lower) struct Asked {
    /// Everywhere.
    all: Option<Place>,
    /// At some objects.
    at: BTreeMap<ObjectId, Place>,
}

impl<'a> Lowering<'a, '_> {
    /// A cell for every two paths that must agree.
    pub(in crate::lower) fn commutes(
        &mut self,
        item: &'a Item,
        asked: &mut Asked,
        names: &mut CellNames,
    ) {
        let ItemKind::Commutes {
            at,
            within,
            clauses,
        } = &item.kind
        else {
            return;
        };
        let word = Place::of(item.place.start);
        let objects = self.asked_at(at, word, asked);
        let within = match within {
            Some(within) => self.within(within).map(Some),
            None => Some(None),
        };
        let (Some(objects), Some(within)) = (objects, within) else {
            return;
        };
        // An arrow whose ends are not known would be missed.
        let known = self
            .output
            .morphisms
            .iter()
            .zip(&self.output.diagram.morphisms);
        let mut drawn = known.filter(|(_, morphism)| morphism.drawn);
        if !item.whole || self.rules.reports.unreadable || !drawn.all(|(part, _)| part.known) {
            return;
        }
        let trained = |id: MorphismId| {
            self.faulty.morphisms.contains(&id) || check::is_trainable(&self.output.diagram, id)
        };
        let found = Commuting::of(&self.output.diagram, &objects, within, &trained);
        let before = self.rules.reports.diagnostics.faults().len();
        self.check_cell_count(&found, at, (word, clauses));
        if self.rules.reports.diagnostics.faults().len() > before || found.count() > MOST_CELLS {
            return;
        }
        // What does not fit is the loss, where one is named.
        let by = clauses.loss.as_ref().map_or(word, |loss| loss.place);
        let mut counted = None;
        let warned = self.rules.reports.diagnostics.warnings().len();
        for meeting in &found.ends {
            let stem = snake_case(&self.output.diagram.object(meeting.object).name);
            for (index, [left, right]) in meeting.pairs.iter().enumerate() {
                let name = format_ident!("{stem}_{}", index + 1, span = word.start);
                if !names.declare(&name, true, &mut self.rules.reports) {
                    continue;
                }
                let role = CellRole::Trained;
                let part = CellPart::new(Some(name.clone()), word, &item.attributes, role);
                // What is wrong with one of them is so with all.
                if self.rules.reports.diagnostics.faults().len() > before {
                    self.cell_at_fault(part);
                    continue;
                }
                let sides = [left, right].map(|path| self.written(&found.paths, *path, by));
                let [left, right] = sides;
                let cell = tree::Cell {
                    ends: Ends::Agree(left, right),
                    clauses: clauses.clone(),
                    place: by,
                };
                self.learned.begin(Some(&name), &cell.ends);
                let counting = match &counted {
                    None => self.paths().cell_clauses(clauses, role),
                    Some(first) => self.paths().clauses_alike(first, clauses),
                };
                self.cell(part, &cell, counting.clone());
                counted.get_or_insert(counting);
            }
        }
        // What is hardly meant of a morphism is so in every cell that it is in.
        self.rules.reports.diagnostics.merge_warnings(warned);
    }

    /// The objects that are named, each once; none where it is asked everywhere.
    fn asked_at(&mut self, at: &[Ident], word: Place, asked: &mut Asked) -> Option<Vec<ObjectId>> {
        let mut objects = Vec::new();
        let mut sound = true;
        for name in at {
            let Some(object) = self.find_object(name) else {
                sound = false;
                continue;
            };
            sound &= self.faulty.sound(object);
            let place = Place::of(name.span());
            let first = asked.all.or_else(|| asked.at.get(&object).copied());
            match first {
                Some(first) => self.asked_twice(&format!("at `{}`", bare(name)), place, first),
                None => _ = asked.at.insert(object, place),
            }
            sound &= first.is_none();
            objects.push(object);
        }
        if at.is_empty() {
            let first = asked.all.or_else(|| asked.at.values().next().copied());
            if let Some(first) = first {
                self.asked_twice("everywhere", word, first);
            }
            asked.all = Some(word);
            sound &= first.is_none();
        }
        sound.then_some(objects)
    }

    fn asked_twice(&mut self, at: &str, place: Place, first: Place) {
        // error: `commutes` asks at `Embedding`, where it has asked already [D0107]
        let twice = format!("`commutes` asks {at}, where it has asked already");
        self.fault(place, Fault::new(Code::DeclaredTwice, twice));
        let here = format!("`commutes`, which asks {at} again, asks here first");
        self.fault(first, Fault::new(Code::DeclaredTwice, here));
    }

    /// How many arrows a path may have.
    fn within(&mut self, literal: &Rust<Literal>) -> Option<usize> {
        let text = literal.text();
        let number = syn::parse_str::<syn::LitInt>(&text).ok();
        let number = number.filter(|number| number.suffix().is_empty());
        // More than can be counted is as good as all.
        let number = number.map(|number| number.base10_parse().unwrap_or(usize::MAX));
        if let Some(number @ 1..) = number {
            return Some(number);
        }
        // error: `within` counts the arrows of a path, from 1, but is 0 [D0312]
        let message = format!("`within` counts the arrows of a path, from 1, but is {text}");
        let fault = Fault::new(Code::ArgumentRange, message);
        self.fault(Place::of(literal.span()), fault);
        None
    }
}

/// What is said of paths that make no cell, or too many.
impl Lowering<'_, '_> {
    /// There is a cell wherever one is asked for, and there are not too many.
    fn check_cell_count(
        &mut self,
        found: &Commuting,
        at: &[Ident],
        (word, clauses): (Place, &tree::Clauses),
    ) {
        // What is at fault may be what is missing.
        if !self.rules.reports.diagnostics.is_clean() {
            return;
        }
        if found.count() > MOST_CELLS || !found.complete {
            let fault = self.too_many(found, clauses, word);
            self.fault(word, fault);
        } else if at.is_empty() && found.count() == 0 {
            let fault = self.no_cell(found);
            self.fault(word, fault);
        }
        for (name, meeting) in at.iter().zip(&found.ends) {
            if found.complete && meeting.count == 0 {
                let fault = self.no_cell_at(meeting, &found.paths);
                self.fault(Place::of(name.span()), fault);
            }
        }
    }

    fn too_many(&self, found: &Commuting, clauses: &tree::Clauses, word: Place) -> Fault {
        let (count, or_more) = (found.count(), if found.complete { "" } else { "over " });
        let message = if count > MOST_CELLS {
            // error: `commutes` would make 45 cells, and it makes at most 32 [D0421]
            format!(
                "`commutes` would make {or_more}{count} cells, and it makes at most {MOST_CELLS}"
            )
        } else {
            // error: `commutes` finds over 1000 paths, too many to look at [D0421]
            let paths: usize = found.ends.iter().map(|end| end.paths.len()).sum();
            format!("`commutes` finds over {paths} paths, too many to look at")
        };
        let mut fault = Fault::new(Code::TooManyCells, message);
        let cells = found.ends.iter().filter(|end| end.count > 0);
        for end in cells.clone().take(SHOWN) {
            let object = &self.output.diagram.object(end.object).name;
            let (count, paths) = (end.count, end.paths.len());
            fault = fault.note(format!("`{object}` : {count} cells of {paths} paths"));
        }
        let first = cells
            .clone()
            .find_map(|end| Some((end.object, end.pairs.first()?)));
        fault.maybe_help(first.map(|(object, [left, right])| {
            let sides = [left, right].map(|path| self.written(&found.paths, *path, word));
            let [left, right] = sides.map(|side| side.to_string());
            let default = self.default_losses.get(&object).copied();
            let by = clauses.loss.as_ref().or(default);
            let by = by.map_or(String::new(), |loss| format!(" by {loss}"));
            format!("write those that you mean, such as `{left} ~ {right}{by};`")
        }))
    }

    fn no_cell(&self, found: &Commuting) -> Fault {
        // error: `commutes` makes no cell: no two paths of the drawing must agree [D0420]
        let message = "`commutes` makes no cell: no two paths of the drawing must agree";
        let fault = Fault::new(Code::NothingCommutes, message);
        let several = found.ends.iter().filter(|end| end.paths.len() > 1);
        let mut notes = several.take(SHOWN).map(|end| {
            let paths = self.listed_paths(end, &found.paths);
            let object = &self.output.diagram.object(end.object).name;
            format!("`{object}` : {paths}: {}", self.why_apart(end))
        });
        match notes.next() {
            None => fault.note("no object has two paths from data to it"),
            Some(first) => notes.fold(fault.note(first), Fault::note),
        }
    }

    fn no_cell_at(&self, meeting: &Meeting, paths: &Paths) -> Fault {
        let object = &self.output.diagram.object(meeting.object).name;
        let listed = self.listed_paths(meeting, paths);
        let (message, note) = match meeting.paths.len() {
            // error: nothing commutes at `Code`: no path from data leads to it [D0420]
            0 => (
                format!("nothing commutes at `{object}`: no path from data leads to it"),
                None,
            ),
            // error: nothing commutes at `Code`: the only path to it is `encode` [D0420]
            1 => (
                format!("nothing commutes at `{object}`: the only path to it is {listed}"),
                None,
            ),
            // error: nothing commutes at `Code`: no two paths to it must agree [D0420]
            _ => (
                format!("nothing commutes at `{object}`: no two paths to it must agree"),
                Some(format!("{listed}: {}", self.why_apart(meeting))),
            ),
        };
        let fault = Fault::new(Code::NothingCommutes, message);
        note.into_iter().fold(fault, Fault::note)
    }

    /// `see`, `read` and 8 more
    fn listed_paths(&self, meeting: &Meeting, paths: &Paths) -> String {
        let word = Place::of(Span::call_site());
        let shown_paths = meeting.paths.iter().take(SHOWN);
        let texts =
            shown_paths.map(|path| format!("`{}`", shown(&self.written(paths, *path, word))));
        let texts = texts.collect::<Vec<_>>().join(", ");
        match meeting.paths.len().saturating_sub(SHOWN) {
            0 => texts,
            more => format!("{texts} and {more} more"),
        }
    }

    fn why_apart(&self, meeting: &Meeting) -> String {
        let object = self.output.diagram.object(meeting.object);
        let whys = meeting.apart.iter().map(|why| match why {
            Apart::Untrained if object.shape.kind != Kind::Float => {
                format!(
                    "no gradient passes `{}`, which is {}",
                    object.name, object.shape
                )
            }
            Apart::Untrained => "nothing on them is trained".to_owned(),
            Apart::Data => "they read different data of one space".to_owned(),
            Apart::Dims => "they end at different dims".to_owned(),
        });
        whys.collect::<Vec<_>>().join("; ")
    }
}

/// How many paths, or objects, a message shows.
const SHOWN: usize = 6;

/// Paths as a person writes them.
impl Lowering<'_, '_> {
    /// A path of the drawing, all of it at one place.
    fn written(&self, paths: &Paths, path: Path, place: Place) -> tree::Path {
        let made = |kind| tree::Path { kind, place };
        let name = |text: &str| {
            let mut name = field_ident(text);
            name.set_span(place.start);
            name
        };
        // What is composed is found from its end to its start.
        let mut parts = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let (applied, factor) = match paths.term(path) {
                Term::Factor(product, position) => (*product, Some(*position)),
                _ => (path, None),
            };
            let (part, before) = match paths.term(applied) {
                Term::Apply(id, arguments, _) => {
                    let of = name(&self.output.diagram.morphism(*id).name);
                    let before = self.composed_with(paths, arguments);
                    if before.is_some() || self.stands_alone(paths, *id, arguments) {
                        (PathKind::Name(of), before)
                    } else {
                        let arguments = arguments.iter();
                        let arguments = arguments.map(|one| self.written(paths, *one, place));
                        (PathKind::Apply(of, arguments.collect()), None)
                    }
                }
                Term::Datum(id) => (
                    PathKind::Name(name(&self.output.diagram.datum(*id).name)),
                    None,
                ),
                // A drawing has no other terms.
                Term::Input(_)
                | Term::Power(..)
                | Term::Factor(..)
                | Term::Stop(_)
                | Term::Scale(..)
                | Term::Number(..) => break,
            };
            let part = match (factor, paths.term(applied)) {
                (Some(position), Term::Apply(id, ..)) => {
                    let product = Box::new(made(part));
                    match self.factor_name(*id, position) {
                        Some(object) => PathKind::Factor(product, name(object)),
                        None => {
                            let position = Literal::usize_unsuffixed(position);
                            PathKind::Position(product, Rust(position))
                        }
                    }
                }
                _ => part,
            };
            parts.push(made(part));
            next = before;
        }
        parts.reverse();
        match <[tree::Path; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => made(PathKind::Compose(parts)),
        }
    }

    /// Whether a morphism is on the data named as its domain.
    fn stands_alone(&self, paths: &Paths, id: MorphismId, arguments: &[Path]) -> bool {
        let domain = &self.output.diagram.morphism(id).domain;
        let mut pairs = arguments.iter().zip(domain);
        pairs.all(|(path, space)| match paths.term(*path) {
            Term::Datum(datum) => {
                self.output.diagram.datum(*datum).name
                    == self.output.diagram.object(space.object).name
            }
            _ => false,
        })
    }

    /// What a morphism on these arguments is written behind: its one argument, or a whole product, which
    /// is spread over them.
    fn composed_with(&self, paths: &Paths, arguments: &[Path]) -> Option<Path> {
        let first = arguments.first()?;
        match paths.term(*first) {
            Term::Datum(_) => None,
            Term::Factor(product, _) if arguments.len() > 1 => {
                let Term::Apply(of, ..) = paths.term(*product) else {
                    return None;
                };
                let whole = arguments.len() == self.output.diagram.morphism(*of).codomain.len();
                let mut factors = arguments.iter().enumerate();
                let in_order = factors
                    .all(|(position, path)| *paths.term(*path) == Term::Factor(*product, position));
                (whole && in_order).then_some(*product)
            }
            _ => (arguments.len() == 1).then_some(*first),
        }
    }

    /// The object that tells which factor of a morphism this is; `None` where another is in it, too.
    fn factor_name(&self, id: MorphismId, position: usize) -> Option<&str> {
        let codomain = &self.output.diagram.morphism(id).codomain;
        let object = codomain.get(position)?.object;
        let alike = codomain.iter().filter(|space| space.object == object);
        let object = &self.output.diagram.object(object).name;
        (alike.count() == 1).then_some(object.as_str())
    }
}
