//! The code that compares the layers of a model, and the types of its data, with what it was built with.

use std::collections::HashMap;

use diagram_core::{Cell, Measure, MorphismId, Path, Plan, Term};
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
            weights && mapped.has_field() && matches!(mapped.body, Body::Layers)
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

/// The private function that compares them, and the types of data.
pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    let (runtime, layered) = (&context.runtime, context.layered());
    if layered.is_empty() {
        return None;
    }
    let (implementing, model) = (context.implementing(), context.model_type());
    let fields = layered.iter().map(|mapped| mapped.name);
    let body =
        context.body(|| quote!(self.config.check(Self::diagram(), &[#(&self.#fields),*], data)));
    Some(quote! {
        #[allow(dead_code, deprecated, unused_variables)]
        #implementing #model {
            fn __check_layers(
                &self,
                data: &[(usize, usize, #runtime::burn::tensor::DType)],
            ) -> #runtime::Checked<()> #body
        }
    })
}

/// The statement that calls it for the data in these variables, before some cells are evaluated.
pub(super) fn checked(
    context: &Context<'_>,
    cells: &[(&Cell, &CellPart<'_>)],
    plan: &Plan,
    data: &[(usize, Ident)],
) -> Option<TokenStream> {
    let layered = context.layered();
    if layered.is_empty() {
        return None;
    }
    let positions = layered.iter().enumerate();
    let positions: HashMap<_, _> = positions.map(|(at, mapped)| (mapped.id, at)).collect();
    let readers = readers(context, cells, plan);
    let types = data.iter().filter_map(|(datum, variable)| {
        let reader = positions.get(readers.get(datum)?)?;
        Some(quote!((#datum, #reader, #variable.dtype())))
    });
    Some(quote!(self.__check_layers(&[#(#types),*])?;))
}

/// Of each datum that layers read, or that a cell compares with what layers give, the first such morphism.
fn readers(
    context: &Context<'_>,
    cells: &[(&Cell, &CellPart<'_>)],
    plan: &Plan,
) -> HashMap<usize, MorphismId> {
    let diagram = context.diagram();
    let mut found = HashMap::new();
    let mut read = |path: Path, reader: MorphismId| {
        let layered = matches!(context.mapped(reader).body, Body::Layers);
        if let Term::Datum(datum) = diagram.paths.term(path)
            && layered
            && diagram.is_float(path)
        {
            found.entry(datum.0).or_insert(reader);
        }
    };
    for path in plan.evaluated() {
        if let Term::Apply(id, arguments, _) = diagram.paths.term(path) {
            for argument in arguments {
                read(*argument, *id);
            }
        }
    }
    for (cell, _) in cells {
        // A function of the caller's may take any type.
        if matches!(cell.loss, Measure::Function { .. }) {
            continue;
        }
        let made_by = cell
            .ends
            .iter()
            .find_map(|end| match diagram.paths.term(*end) {
                Term::Apply(id, ..) => Some(*id),
                _ => None,
            });
        if let Some(reader) = made_by {
            for value in cell.reads() {
                read(value, reader);
            }
        }
    }
    found
}
