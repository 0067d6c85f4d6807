//! The code that decides at the call which values are recorded for gradients.

use diagram_core::{Cell, NeedsGrad, Path, Record, Scalar, Weight, check};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote};

use super::{Context, weights};
use crate::lower::CellPart;

/// When the values of some cells are recorded.
pub(super) struct Recording {
    record: Record,
    cells: Vec<NeedsGrad>,
}

impl Recording {
    pub(super) fn of(context: &Context<'_>, cells: &[(&Cell, &CellPart<'_>)]) -> Self {
        let needs_grad = cells.iter().enumerate();
        let needs_grad = needs_grad.map(|(index, (cell, part))| needed_by(index, cell, part));
        let needs_grad: Vec<_> = needs_grad.collect();
        let pairs = cells.iter().zip(&needs_grad);
        let pairs = pairs.map(|((cell, _), needs_grad)| (*cell, *needs_grad));
        let diagram = context.diagram();
        let trained = |id| check::is_trainable(diagram, id);
        Recording {
            record: Record::of(diagram, &trained, pairs),
            cells: needs_grad,
        }
    }

    /// When the gradient of what an application gives is needed; never of a value that none passes.
    pub(super) fn of_application(&self, path: Path) -> NeedsGrad {
        self.record.needs_grad(path).unwrap_or(NeedsGrad::Never)
    }

    /// When a cell wants a gradient.
    pub(super) fn of_cell(&self, index: usize) -> NeedsGrad {
        self.cells.get(index).copied().unwrap_or(NeedsGrad::Always)
    }

    /// Whether a value has a record that is not needed where its gradient is needed then.
    pub(super) fn is_detached(&self, path: Path, needs_grad: NeedsGrad) -> bool {
        match self.record.needs_grad(path) {
            None | Some(NeedsGrad::Never) => false,
            Some(recorded) => recorded != needs_grad,
        }
    }

    /// The variables of [`condition`].
    pub(super) fn variables(
        &self,
        context: &Context<'_>,
        cells: &[(&Cell, &CellPart<'_>)],
    ) -> TokenStream {
        let of_cells = self.cells.iter().zip(cells).map(|(needs_grad, (_, part))| {
            let NeedsGrad::Cell(_) = needs_grad else {
                return TokenStream::new();
            };
            let (variable, weight) = (condition(*needs_grad), weights::weight(context, part));
            quote!(let #variable = #weight != 0.0;)
        });
        let of_values = self.record.joined().iter().map(|(path, readers)| {
            let variable = condition(NeedsGrad::Path(*path));
            let readers = readers.iter().map(|reader| condition(*reader));
            quote!(let #variable = #(#readers)||*;)
        });
        of_cells.chain(of_values).collect()
    }
}

/// When a trained cell wants gradients: where its weight is not 0.
fn needed_by(index: usize, cell: &Cell, part: &CellPart<'_>) -> NeedsGrad {
    match &cell.weight {
        // They are not 0 as a whole.
        Weight::Path(_) | Weight::Learned(_) => NeedsGrad::Always,
        // Only a named cell has a field for its weight.
        Weight::Scalar(Scalar::Number(number)) if part.name.is_none() => {
            if number.get() == 0.0 {
                NeedsGrad::Never
            } else {
                NeedsGrad::Always
            }
        }
        Weight::Scalar(_) => NeedsGrad::Cell(index),
    }
}

/// Whether a gradient is needed in this call, as an expression.
pub(super) fn condition(needs_grad: NeedsGrad) -> TokenStream {
    let variable = match needs_grad {
        NeedsGrad::Never => return quote!(false),
        NeedsGrad::Always => return quote!(true),
        NeedsGrad::Cell(index) => format_ident!("counts_{}", index, span = Span::call_site()),
        NeedsGrad::Path(path) => format_ident!("recorded_{}", path.0, span = Span::call_site()),
    };
    quote!(#variable)
}
