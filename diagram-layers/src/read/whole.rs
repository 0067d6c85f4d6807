//! The rules about the whole diagram.

use diagram_core::{Dim, check};

use super::{At, ReadError, Reader, fault, form};
use crate::indices;

impl Reader<'_> {
    /// `classes` are how many classes the target of each cell holds.
    pub(super) fn whole(self, classes: &[Option<Dim>]) -> Result<(), ReadError> {
        let diagram = self.diagram;
        self.trained()?;
        if let Some((name, unbound)) = check::dims_are_bound(diagram).into_iter().next() {
            let index = diagram.dynamics.iter().position(|dim| *dim == name);
            return Err(fault(unbound)).at_item("dynamics", index.unwrap_or_default());
        }
        let cells = classes.iter().enumerate();
        let of_cells =
            cells.filter_map(|(cell, count)| indices::classes(diagram, cell, count.clone()?));
        let ranges: Vec<_> = of_cells.chain(indices::vectors(diagram)).collect();
        let written = &diagram.index_ranges;
        let mut pairs = ranges.iter().zip(written);
        let index = pairs.position(|(range, written)| range != written);
        let index = index.unwrap_or(ranges.len().min(written.len()));
        match (ranges.get(index), written.get(index)) {
            (None, None) => Ok(()),
            (Some(range), _) => {
                let (what, datum) = (diagram.indexed(range), diagram.datum(range.datum));
                let (name, count) = (&datum.name, &range.count);
                let text = format!("here stands that `{name}` holds {what}, {count} of them");
                Err(form(text)).at_item("index_ranges", index)
            }
            (None, Some(_)) => {
                let text = "nothing says which numbers stand in this datum";
                Err(form(text)).at_item("index_ranges", index)
            }
        }
    }
}
