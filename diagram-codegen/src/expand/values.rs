//! The code of a plan: one `let` an application, the loss of each cell where its ends are ready.

use std::collections::HashMap;

use diagram_core::plan::Action;
use diagram_core::{Cell, MorphismId, Path, Plan, Term};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use crate::lower::{Body, CellPart};

/// The code of a plan, in a function where the model is `self` and that may return a
/// `DiagramError`.
pub(super) struct Values {
    /// The statements, in order. The value of cell `i` of those planned is `cell_i`.
    pub(super) steps: TokenStream,
    /// The data that are read: their fields are to be bound to [`variable`]s.
    pub(super) data: Vec<(usize, Ident)>,
    /// Whether `sizes` must be in scope.
    pub(super) sized: bool,
}

impl Values {
    /// The losses of some cells.
    pub(super) fn of_cells<'a>(
        context: &Context<'a>,
        cells: &[(&'a Cell, &'a CellPart<'a>)],
    ) -> Self {
        let plan = Plan::of_cells(context.diagram(), cells.iter().map(|(cell, _)| *cell));
        let parts: Vec<_> = cells.iter().map(|(_, part)| *part).collect();
        Writer::write(context, &plan, &parts)
    }
}

/// The variable that holds the value of a path.
fn variable(path: Path) -> Ident {
    format_ident!("v{}", path.0, span = Span::call_site())
}

/// The variable that holds the loss of a cell.
pub(super) fn cell_variable(index: usize) -> Ident {
    format_ident!("cell_{}", index, span = Span::call_site())
}

/// A morphism on arguments. Whether it returns early where a module does not fit its drawing, for which
/// `sizes` must be in scope, is said beside it.
pub(super) fn apply(
    context: &Context<'_>,
    id: MorphismId,
    arguments: &[TokenStream],
) -> (TokenStream, bool) {
    let mapped = context.mapped(id);
    let (name, function) = (mapped.name, mapped.function());
    match mapped.body {
        Body::Module { .. } | Body::Method { .. } | Body::Composite(_) => {
            (quote!(self.#function(sizes, #(#arguments),*)?), true)
        }
        Body::Layers { fields, .. } if fields.is_empty() => {
            (quote!(Self::#function(#(#arguments),*)), false)
        }
        Body::Layers { .. } | Body::Unknown => (quote!(self.#name.forward(#(#arguments),*)), false),
    }
}

/// The statement that checks sizes; it keeps what they bind only where that is needed.
pub(super) fn with_sizes(checked: &TokenStream, sized: bool) -> TokenStream {
    if sized {
        quote!(let sizes = &#checked;)
    } else {
        quote!(#checked;)
    }
}

struct Writer<'c, 'a> {
    context: &'c Context<'a>,
    /// How many reads of each value are still to come.
    left: HashMap<Path, usize>,
    written: Values,
}

impl<'c, 'a> Writer<'c, 'a> {
    fn write(context: &'c Context<'a>, plan: &Plan, parts: &[&CellPart<'_>]) -> Values {
        let diagram = context.diagram();
        let left = plan.uses(diagram);
        let written = Values {
            steps: TokenStream::new(),
            data: Vec::new(),
            sized: false,
        };
        let mut writer = Writer {
            context,
            left,
            written,
        };
        writer.bind();
        for action in &plan.actions {
            match action {
                Action::Apply(path) => writer.application(*path),
                Action::Cell(index, values) => {
                    if let Some(part) = parts.get(*index) {
                        writer.cell(*index, values, part);
                    }
                }
            }
        }
        writer.written
    }

    /// Data that are read get their variables.
    fn bind(&mut self) {
        let mut read: Vec<_> = self.left.keys().copied().collect();
        read.sort();
        for path in read {
            if let Term::Datum(id) = self.context.diagram().paths.term(path) {
                self.written.data.push((id.0, variable(path)));
            }
        }
    }

    fn application(&mut self, path: Path) {
        let Term::Apply(id, arguments) = self.context.diagram().paths.term(path) else {
            return;
        };
        let arguments: Vec<_> = arguments
            .iter()
            .map(|argument| self.read(*argument))
            .collect();
        let (code, sized) = apply(self.context, *id, &arguments);
        self.written.sized |= sized;
        let variable = variable(path);
        self.written.steps.extend(quote!(let #variable = #code;));
    }

    fn cell(&mut self, index: usize, values: &[Path], part: &CellPart<'_>) {
        let Some(loss) = &part.loss else { return };
        let (function, arguments) = (&loss.function, &loss.arguments);
        let ends: Vec<_> = values.iter().map(|value| self.read(*value)).collect();
        let variable = cell_variable(index);
        self.written
            .steps
            .extend(quote!(let #variable = #function(#(#ends,)* #(#arguments),*);));
    }

    /// A value: the last reader takes it, others a clone, which shares its memory.
    fn read(&mut self, path: Path) -> TokenStream {
        let variable = variable(path);
        let left = self.left.entry(path).or_insert(1);
        *left = left.saturating_sub(1);
        if *left == 0 {
            quote!(#variable)
        } else {
            quote!(#variable.clone())
        }
    }
}
