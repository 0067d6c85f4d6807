//! What faults inside of a chain say of the ends of its morphism.

use std::collections::HashSet;

use diagram_core::{Code, Kind, MorphismId, ObjectId, Shape};
use diagram_layers::layers::chain::Chained;
use proc_macro2::LineColumn;

use super::{ChainTyping, SourceStep};
use crate::diagnostic::Diagnostics;
use crate::place::{Place, Placed};
use crate::syntax::tree::{DefinitionKind, ItemKind, bare};

/// How many objects of a domain are tried in turn as Int.
const TRIED: usize = 8;

impl<'a> ChainTyping<'_, '_> {
    /// Where a layer gives one tensor and the codomain is a product, the fault names its objects.
    pub(super) fn say_where_it_ends(
        &mut self,
        before: usize,
        id: MorphismId,
        written: &[SourceStep<'a>],
    ) {
        let morphism = self.diagram.morphism(id);
        let objects = morphism.codomain.iter();
        let objects: Vec<_> = objects.map(|space| self.diagram.space(space)).collect();
        let mut last = written.iter().rev().filter(|step| !step.keeps_shape());
        let last = last.next().filter(|step| step.leaves_width_out());
        let Some(last) = last.filter(|_| objects.len() > 1) else {
            return;
        };
        let note = format!("`{}` ends in `{}`", morphism.name, objects.join(" * "));
        for (at, fault) in self.rules.reports.diagnostics.faults_after(before) {
            if fault.code == Code::Factors && start(*at) == start(last.place) {
                fault.notes.push(note.clone());
            }
        }
    }

    /// Where a layer takes Int and is given Float, an object of the domain that would have to be Int is named:
    /// its layers have no such fault then. An object that layers of the diagram end in is Float by them.
    pub(super) fn say_what_is_int(
        &mut self,
        before: usize,
        id: MorphismId,
        written: &[SourceStep<'a>],
    ) {
        let kinds = of_kinds(self.rules.reports.diagnostics.faults_after(before));
        if kinds.is_empty() {
            return;
        }
        let mut seen = HashSet::new();
        let domain = self.diagram.morphism(id).domain.iter();
        let objects = domain.map(|space| space.object);
        let objects = objects.filter(|object| seen.insert(*object));
        let floats: Vec<_> = objects
            .filter(|object| {
                let kind = self.diagram.object(*object).shape.kind;
                kind == Kind::Float && !self.is_made_by_layers(*object)
            })
            .take(TRIED)
            .collect();
        for object in floats {
            let remaining = self.kinds_with_int(object, id, written);
            if remaining.iter().any(|fault| !kinds.contains(fault)) {
                continue;
            }
            let (help, note) = self.declared_int(object);
            for (at, fault) in self.rules.reports.diagnostics.faults_after(before) {
                let known = (start(*at), fault.message.clone());
                let settled = kinds.contains(&known) && !remaining.contains(&known);
                if fault.help.is_none() && settled {
                    fault.help = Some(help.clone());
                    fault.notes.extend(note.clone());
                }
            }
        }
    }

    /// The faults of kinds that the layers of a morphism have where an object is Int.
    fn kinds_with_int(
        &mut self,
        object: ObjectId,
        id: MorphismId,
        written: &[SourceStep<'a>],
    ) -> Vec<Found> {
        let morphism = self.diagram.morphism(id);
        let mut input = self.diagram.shapes(&morphism.domain);
        let target = self.diagram.shapes(&morphism.codomain);
        for (shape, space) in input.0.iter_mut().zip(&morphism.domain) {
            if space.object == object {
                shape.kind = Kind::Int;
            }
        }
        // What is said and asserted there is of no diagram.
        let diagnostics = std::mem::take(self.rules.reports.diagnostics);
        let asserted = std::mem::take(&mut self.rules.asserted);
        let said = self.rules.reports.said.clone();
        let facts = self.rules.scope.facts.clone();
        self.rules
            .typed(written, &input, Some(&target), &mut Vec::new());
        self.rules.scope.facts = facts;
        self.rules.reports.said = said;
        self.rules.asserted = asserted;
        let tried: Diagnostics = std::mem::replace(self.rules.reports.diagnostics, diagnostics);
        of_kinds(tried.faults())
    }

    /// Whether an arrow into an object is made of layers or is learned, or of what is.
    fn is_made_by_layers(&self, object: ObjectId) -> bool {
        let into = self.diagram.morphisms.iter();
        let into = into.filter(|one| one.codomain.iter().any(|space| space.object == object));
        let names: HashSet<&str> = into.map(|one| one.name.as_str()).collect();
        let mut items = self.rules.reports.tree.items.iter();
        items.any(|item| match &item.kind {
            ItemKind::Definition { name, definition } => {
                let kind = &definition.kind;
                let made = matches!(
                    kind,
                    DefinitionKind::Chain(_) | DefinitionKind::Special { .. }
                );
                made && names.contains(bare(name).as_str())
            }
            _ => false,
        })
    }

    /// The declaration of an object as Int, and the data that are of it, where they are several.
    // help: declare `Tokens: Int[batch, len]`
    // note: `Left` and `Right` are data of `Tokens`
    fn declared_int(&self, object: ObjectId) -> (String, Option<String>) {
        let declared = self.diagram.object(object);
        let shape = Shape {
            kind: Kind::Int,
            ..declared.shape.clone()
        };
        let data = self.diagram.data.iter();
        let data = data.filter(|datum| datum.space.object == object);
        let data: Vec<_> = data.map(|datum| format!("`{}`", datum.name)).collect();
        let note = match data.as_slice() {
            [rest @ .., last] if !rest.is_empty() => {
                let rest = rest.join(", ");
                Some(format!("{rest} and {last} are data of `{}`", declared.name))
            }
            _ => None,
        };
        (format!("declare `{}: {shape}`", declared.name), note)
    }
}

/// Where a fault starts, and its first line: the same in another run over the same layers.
type Found = (LineColumn, String);

/// The faults of kinds among these.
fn of_kinds(faults: &[Placed]) -> Vec<Found> {
    let kinds = faults
        .iter()
        .filter(|(_, fault)| fault.code == Code::KindMismatch);
    let found = kinds.map(|(place, fault)| (start(*place), fault.message.clone()));
    found.collect()
}

pub(super) fn start(place: Place) -> LineColumn {
    place.start.start()
}
