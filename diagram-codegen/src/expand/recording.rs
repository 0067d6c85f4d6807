//! The code that decides at the call which values are recorded for gradients.

use diagram_core::{Cell, Path, Record, Scalar, Wanted, Weight, check};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

use super::{Context, loss};
use crate::lower::CellPart;

/// When the values of some cells are recorded.
pub(super) struct Recording {
    record: Record,
    cells: Vec<Wanted>,
}

impl Recording {
    pub(super) fn of(context: &Context<'_>, cells: &[(&Cell, &CellPart<'_>)]) -> Self {
        let wanted = cells.iter().enumerate();
        let wanted = wanted.map(|(index, (cell, part))| wanted_by(index, cell, part));
        let wanted: Vec<_> = wanted.collect();
        let pairs = cells.iter().zip(&wanted);
        let pairs = pairs.map(|((cell, _), wanted)| (*cell, *wanted));
        let diagram = context.diagram();
        let trained = |id| check::is_trainable(diagram, id);
        Recording {
            record: Record::of(diagram, &trained, pairs),
            cells: wanted,
        }
    }

    /// When the gradient of what an application gives is wanted; never of a value that none passes.
    pub(super) fn of_application(&self, path: Path) -> Wanted {
        self.record.wanted(path).unwrap_or(Wanted::Never)
    }

    /// When a cell wants a gradient.
    pub(super) fn of_cell(&self, index: usize) -> Wanted {
        self.cells.get(index).copied().unwrap_or(Wanted::Always)
    }

    /// Whether a value has a record that is not wanted where its gradient is wanted then.
    pub(super) fn is_cut(&self, path: Path, wanted: Wanted) -> bool {
        match self.record.wanted(path) {
            None | Some(Wanted::Never) => false,
            Some(recorded) => recorded != wanted,
        }
    }

    /// The variables of [`condition`].
    pub(super) fn variables(
        &self,
        context: &Context<'_>,
        cells: &[(&Cell, &CellPart<'_>)],
    ) -> TokenStream {
        let of_cells = self.cells.iter().zip(cells).map(|(wanted, (_, part))| {
            let Wanted::Cell(_) = wanted else {
                return TokenStream::new();
            };
            let (variable, weight) = (condition(*wanted), loss::weight(context, part));
            quote!(let #variable = #weight != 0.0;)
        });
        let of_values = self.record.joined().iter().map(|(path, readers)| {
            let variable = condition(Wanted::Path(*path));
            let readers = readers.iter().map(|reader| condition(*reader));
            quote!(let #variable = #(#readers)||*;)
        });
        of_cells.chain(of_values).collect()
    }
}

/// When a trained cell wants gradients: where its weight is not 0.
fn wanted_by(index: usize, cell: &Cell, part: &CellPart<'_>) -> Wanted {
    match &cell.weight {
        // They are not 0 as a whole.
        Weight::Path(_) | Weight::Learned(_) => Wanted::Always,
        // Only a named cell has a field for its weight.
        Weight::Scalar(Scalar::Number(number)) if part.name.is_none() => {
            if number.get() == 0.0 {
                Wanted::Never
            } else {
                Wanted::Always
            }
        }
        Weight::Scalar(_) => Wanted::Cell(index),
    }
}

/// Whether a gradient is wanted in this call, as an expression.
pub(super) fn condition(wanted: Wanted) -> TokenStream {
    let variable = match wanted {
        Wanted::Never => return quote!(false),
        Wanted::Always => return quote!(true),
        Wanted::Cell(index) => format_ident!("counts_{}", index, span = Span::call_site()),
        Wanted::Path(path) => format_ident!("recorded_{}", path.0, span = Span::call_site()),
    };
    quote!(#variable)
}
