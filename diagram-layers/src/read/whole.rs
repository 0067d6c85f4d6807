//! The rules about the whole diagram.

use diagram_core::{Indexed, check};

use super::{At, ReadError, Reader, fault, form};
use crate::indices;
use crate::losses::Typed;

impl Reader<'_> {
    /// `cells` are what each cell is on its ends.
    pub(super) fn whole(self, cells: &[Typed]) -> Result<(), ReadError> {
        let diagram = self.diagram;
        self.trained()?;
        if let Some((name, unbound)) = check::dims_are_bound(diagram).into_iter().next() {
            let index = diagram.dynamics.iter().position(|dim| *dim == name);
            return Err(fault(unbound)).at_item("dynamics", index.unwrap_or_default());
        }
        let cells = cells.iter().enumerate();
        let of_cells = cells.flat_map(|(cell, typed)| indices::of_cell(diagram, cell, typed));
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
                let many = match range.of {
                    Indexed::Classes(_) | Indexed::Vectors(_) => format!("{count} of them"),
                    Indexed::InputLengths(_) | Indexed::TargetLengths(_) => {
                        format!("up to {count}")
                    }
                };
                let text = format!("here stands that `{name}` holds {what}, {many}");
                Err(form(text)).at_item("index_ranges", index)
            }
            (None, Some(_)) => {
                let text = "nothing says which numbers stand in this datum";
                Err(form(text)).at_item("index_ranges", index)
            }
        }
    }
}
