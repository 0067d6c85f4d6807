//! `commutes`: the cells that a drawing makes of itself, as if each were written.

use std::collections::BTreeMap;

use diagram_core::commute::{Commuting, MOST_CELLS};
use diagram_core::{CellRole, Code, Fault, MorphismId, ObjectId, check};
use proc_macro2::{Ident, Literal};
use quote::format_ident;

use crate::idents::snake_case;
use crate::lower::cells::drawing::Drawing;
use crate::lower::cells::names::CellNames;
use crate::lower::{CellPart, Lowering};
use crate::place::Place;
use crate::syntax::tree::{self, Ends, Item, ItemKind, Rust, bare};

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
                let drawing = Drawing::of(&self.output.diagram, &found);
                let sides = [left, right].map(|path| drawing.written(*path, by));
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
            let Some(object) = self.spaces().find_object(name) else {
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
        let drawing = Drawing::of(&self.output.diagram, found);
        if found.count() > MOST_CELLS || !found.complete {
            let own = clauses.loss.as_ref();
            let by = |object| own.or(self.default_losses.get(&object).copied());
            let fault = drawing.too_many(found, by, word);
            self.rules.fault(word, fault);
        } else if at.is_empty() && found.count() == 0 {
            let fault = drawing.no_cell(found);
            self.rules.fault(word, fault);
        }
        for (name, meeting) in at.iter().zip(&found.ends) {
            if found.complete && meeting.count == 0 {
                let fault = drawing.no_cell_at(meeting);
                self.rules.fault(Place::of(name.span()), fault);
            }
        }
    }
}
