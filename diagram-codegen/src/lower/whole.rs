//! The rules about the whole diagram, and their warnings.

use diagram_core::{Cell, Definition, check};

use crate::lower::header::attributes::leading_axis;
use crate::lower::header::names::Names;
use crate::lower::output::Output;
use crate::lower::reports::Reports;
use crate::place::Place;

/// The rules about the whole diagram. They are asked only where its parts are without fault, so
/// that they never speak of what is not there because of another fault.
pub(in crate::lower) fn whole(names: &Names, output: &Output<'_>, reports: &mut Reports<'_>) {
    if !reports.diagnostics.is_clean() || !paths_are_short(output, reports) {
        return;
    }
    let diagram = &output.diagram;
    let whole = Place::of(reports.tree.name.span());
    let place_of = |name: &str| names.place(name).unwrap_or(whole);
    for (name, fault) in check::dims_are_bound(diagram) {
        let place = place_of(&name);
        reports.fault(place, fault);
    }
    for (name, warning) in check::loose_ends(diagram) {
        let place = place_of(&name);
        reports.warn_of([&name], place, warning);
    }
    for (datum, morphism, warning) in check::channels_last(diagram) {
        let name = diagram.datum(datum).name.clone();
        let of = diagram.morphism(morphism).name.clone();
        let place = Place::of(output.data[datum.0].name.span());
        reports.warn_of([&name, &of], place, warning);
    }
    if let Some((datum, warning)) = check::fixed_batch(diagram) {
        let name = diagram.datum(datum).name.clone();
        let place = leading_axis(reports.tree, &name);
        let place = place.unwrap_or(Place::of(output.data[datum.0].name.span()));
        reports.warn_of([&name], place, warning);
    }
}

/// Whether the paths, with composites unfolded, are few enough and end at dims that are short enough.
fn paths_are_short(output: &Output<'_>, reports: &mut Reports<'_>) -> bool {
    let (diagram, whole) = (&output.diagram, Place::of(reports.tree.name.span()));
    if !reports.stays_small(&diagram.paths, whole) {
        return false;
    }
    if !diagram.rebinds() {
        return true;
    }
    let composites = diagram.morphisms.iter().zip(&output.morphisms);
    let mut composites = composites.filter_map(|(morphism, part)| match &morphism.definition {
        Definition::Composite { paths, .. } => {
            let short = check::short_dims_within(diagram, paths, &morphism.domain);
            Some(short.map_err(|(_, fault)| (Place::of(part.name.span()), fault)))
        }
        _ => None,
    });
    let reads: Vec<_> = diagram.cells.iter().flat_map(Cell::reads).collect();
    let cells = check::short_dims_within(diagram, &reads, &[]).map_err(|(path, fault)| {
        let mut cells = output.cells.iter();
        let cell = cells.find(|cell| {
            let cell = cell.index.and_then(|index| diagram.cells.get(index));
            cell.is_some_and(|cell| {
                let reads: Vec<_> = cell.reads().collect();
                diagram.paths.within(&reads).contains(&path)
            })
        });
        (cell.map_or(whole, |cell| cell.place), fault)
    });
    let short = composites.try_for_each(|short| short).and(cells);
    reports.diagnostics.take(short).is_some()
}
