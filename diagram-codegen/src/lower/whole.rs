//! The rules about the whole diagram, and their warnings.

use diagram_core::check;

use crate::lower::Lowering;
use crate::place::Place;

impl Lowering<'_, '_> {
    /// The rules about the whole diagram. They are asked only where its parts are without fault, so
    /// that they never speak of what is not there because of another fault.
    pub(in crate::lower) fn whole(&mut self) {
        if !self.diagnostics.is_clean() {
            return;
        }
        for (name, fault) in check::dims_are_bound(&self.diagram) {
            let place = self.place_of(&name);
            self.fault(place, fault);
        }
        for (name, warning) in check::loose_ends(&self.diagram) {
            let place = self.place_of(&name);
            self.warn_of([&name], place, warning);
        }
        for (datum, morphism, warning) in check::channels_last(&self.diagram) {
            let name = self.diagram.datum(datum).name.clone();
            let of = self.diagram.morphism(morphism).name.clone();
            let place = Place::of(self.parts.data[datum.0].name.span());
            self.warn_of([&name, &of], place, warning);
        }
        if let Some((datum, warning)) = check::fixed_batch(&self.diagram) {
            let name = self.diagram.datum(datum).name.clone();
            let place = self.leading_axis(&name);
            let place = place.unwrap_or(Place::of(self.parts.data[datum.0].name.span()));
            self.warn_of([&name], place, warning);
        }
    }

    /// Where a name is declared.
    fn place_of(&self, name: &str) -> Place {
        let declared = self.known.names.place(name);
        declared.unwrap_or(Place::of(self.tree.name.span()))
    }
}
