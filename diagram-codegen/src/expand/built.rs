//! The code that compares the layers of a model, and the types of its data, with what it was built with.

use diagram_core::{Cell, MorphismId, Path, Plan, Term};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, Mapped};
use crate::lower::{Body, CellPart};

impl<'a> Context<'a> {
    /// The morphisms made of layers that have parameters, and averages of such, in order.
    fn layered(&self) -> Vec<Mapped<'a>> {
        let layered = |mapped: &Mapped<'_>| {
            let of = self.averaged(mapped);
            let weights = of.as_ref().unwrap_or(mapped).morphism.has_weights();
            weights && mapped.has_field() && matches!(mapped.body, Body::Layers { .. })
        };
        self.morphisms().filter(layered).collect()
    }
}

/// The statement that keeps the sizes of the layers of `model`.
pub(super) fn kept(context: &Context<'_>) -> Option<TokenStream> {
    let layered = context.layered();
    let pairs = layered.iter().map(|mapped| {
        let (index, field) = (mapped.id.0, mapped.name);
        quote!((#index, &model.#field))
    });
    (!layered.is_empty()).then(|| quote!(model.config.keep(&[#(#pairs),*]);))
}

/// The statement that compares them, and the types of the data in these variables, before some cells are
/// evaluated.
pub(super) fn checked(
    context: &Context<'_>,
    cells: &[(&Cell, &CellPart<'_>)],
    data: &[(usize, Ident)],
) -> Option<TokenStream> {
    let layered = context.layered();
    if layered.is_empty() {
        return None;
    }
    let fields = layered.iter().map(|mapped| mapped.name);
    let readers = readers(context, cells, data);
    let types = data.iter().filter_map(|(datum, variable)| {
        let (_, reader) = readers.iter().find(|(read, _)| read == datum)?;
        let reader = layered.iter().position(|mapped| mapped.id == *reader)?;
        Some(quote!((#datum, #reader, #variable.dtype())))
    });
    Some(quote!(self.config.check(Self::diagram(), &[#(&self.#fields),*], &[#(#types),*])?;))
}

/// Of each datum that layers read, or that a cell compares with what layers give, one such morphism.
fn readers(
    context: &Context<'_>,
    cells: &[(&Cell, &CellPart<'_>)],
    data: &[(usize, Ident)],
) -> Vec<(usize, MorphismId)> {
    let diagram = context.diagram();
    let datum = |path: Path| match diagram.paths.term(path) {
        Term::Datum(id) if diagram.is_float(path) => Some(id.0),
        _ => None,
    };
    let made_by = |path: Path| match diagram.paths.term(path) {
        Term::Apply(id, ..) => Some(*id),
        _ => None,
    };
    let layered = |id: MorphismId| matches!(context.mapped(id).body, Body::Layers { .. });
    let mut found: Vec<(usize, MorphismId)> = Vec::with_capacity(data.len());
    let mut read = |path: Path, reader: MorphismId| {
        if let Some(datum) = datum(path).filter(|_| layered(reader)) {
            found.push((datum, reader));
        }
    };
    let plan = Plan::of_cells(diagram, cells.iter().map(|(cell, _)| *cell));
    for path in plan.evaluated() {
        if let Term::Apply(id, arguments, _) = diagram.paths.term(path) {
            for argument in arguments {
                read(*argument, *id);
            }
        }
    }
    for (cell, part) in cells {
        // A function of the caller's may take any type.
        let own = part.loss.as_ref().is_none_or(|loss| loss.own.is_some());
        if let Some(reader) = cell
            .ends
            .iter()
            .find_map(|end| made_by(*end))
            .filter(|_| !own)
        {
            for value in cell.reads() {
                read(value, reader);
            }
        }
    }
    found
}
