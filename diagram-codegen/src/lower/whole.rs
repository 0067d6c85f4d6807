//! The rules about the whole diagram, and their warnings.

use diagram_core::{Cell, Definition, check};

use crate::lower::Lowering;
use crate::lower::header::attributes::leading_axis;
use crate::place::Place;

impl Lowering<'_, '_> {
    /// The rules about the whole diagram. They are asked only where its parts are without fault, so
    /// that they never speak of what is not there because of another fault.
    pub(in crate::lower) fn whole(&mut self) {
        if !self.rules.reports.diagnostics.is_clean() || !self.paths_are_short() {
            return;
        }
        for (name, fault) in check::dims_are_bound(&self.output.diagram) {
            let place = self.place_of(&name);
            self.fault(place, fault);
        }
        for (name, warning) in check::loose_ends(&self.output.diagram) {
            let place = self.place_of(&name);
            self.rules.reports.warn_of([&name], place, warning);
        }
        for (datum, morphism, warning) in check::channels_last(&self.output.diagram) {
            let name = self.output.diagram.datum(datum).name.clone();
            let of = self.output.diagram.morphism(morphism).name.clone();
            let place = Place::of(self.output.data[datum.0].name.span());
            self.rules.reports.warn_of([&name, &of], place, warning);
        }
        if let Some((datum, warning)) = check::fixed_batch(&self.output.diagram) {
            let name = self.output.diagram.datum(datum).name.clone();
            let place = leading_axis(self.tree, &name);
            let place = place.unwrap_or(Place::of(self.output.data[datum.0].name.span()));
            self.rules.reports.warn_of([&name], place, warning);
        }
    }

    /// Whether the paths, with composites unfolded, are few enough and end at dims that are short enough.
    fn paths_are_short(&mut self) -> bool {
        let whole = Place::of(self.tree.name.span());
        if !self.paths().stays_small(whole) {
            return false;
        }
        if !self.output.diagram.rebinds() {
            return true;
        }
        let diagram = &self.output.diagram;
        let composites = diagram.morphisms.iter().zip(&self.output.morphisms);
        let mut composites = composites.filter_map(|(morphism, part)| match &morphism.definition {
            Definition::Composite { paths, .. } => {
                let short = check::short_dims_within(diagram, paths, &morphism.domain);
                Some(short.map_err(|(_, fault)| (Place::of(part.name.span()), fault)))
            }
            _ => None,
        });
        let reads: Vec<_> = diagram.cells.iter().flat_map(Cell::reads).collect();
        let cells = check::short_dims_within(diagram, &reads, &[]).map_err(|(path, fault)| {
            let mut cells = self.output.cells.iter();
            let cell = cells.find(|cell| {
                let cell = cell.index.and_then(|index| diagram.cells.get(index));
                cell.is_some_and(|cell| {
                    let reads: Vec<_> = cell.reads().collect();
                    diagram.paths.within(&reads).contains(&path)
                })
            });
            let place = cell.map_or(Place::of(self.tree.name.span()), |cell| cell.place);
            (place, fault)
        });
        let short = composites.try_for_each(|short| short).and(cells);
        self.rules.take(short).is_some()
    }

    /// Where a name is declared.
    fn place_of(&self, name: &str) -> Place {
        let declared = self.names.place(name);
        declared.unwrap_or(Place::of(self.tree.name.span()))
    }
}
