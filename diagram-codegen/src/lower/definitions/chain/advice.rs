//! What faults inside of a chain say of the ends of its morphism.

use diagram_core::{Code, MorphismId};
use diagram_layers::layers::chain::Chained;
use proc_macro2::LineColumn;

use super::{ChainTyping, SourceStep};
use crate::place::Place;

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

    /// Layers in which kinds disagree: when all is known, the object is sought that is to be Int.
    pub(super) fn kinds_disagree(&mut self, before: usize, id: MorphismId) {
        let found = self.rules.reports.diagnostics.faults().iter();
        let found = found.enumerate().skip(before);
        let kinds = found.filter(|(_, (_, fault))| fault.code == Code::KindMismatch);
        self.faulty
            .kinds
            .extend(kinds.map(|(position, _)| (position, id)));
    }
}

pub(super) fn start(place: Place) -> LineColumn {
    place.start.start()
}
