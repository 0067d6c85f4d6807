//! The weights of cells: their fields in the configuration, and their values in a loss.

use diagram_core::{Scalar, Weight};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::Context;
use crate::idents::field_ident;
use crate::lower::CellPart;
use crate::syntax::tree::bare;

/// The weight of a trained cell, as the model has it.
pub(super) fn weight(context: &Context<'_>, part: &CellPart<'_>) -> TokenStream {
    match (&part.name, &part.weight) {
        (_, Some(Weight::Scalar(Scalar::Hyper(name)))) => {
            let field = field_ident(name);
            quote!(self.hyper.#field)
        }
        (_, Some(Weight::Path(_) | Weight::Learned(_))) => quote!(1.0),
        (Some(name), _) => {
            let field = field_ident(&bare(name));
            quote!(self.weights.#field)
        }
        (None, Some(Weight::Scalar(Scalar::Number(number)))) => number.get().to_token_stream(),
        (None, Some(Weight::Scalar(Scalar::Constant(path)))) => context.lowered.scope.tokens(path),
        (None, _) => quote!(1.0),
    }
}

/// The cells with a weight in a field: the name of the field, and its default.
pub(super) fn own_weights(context: &Context<'_>) -> Vec<(String, TokenStream)> {
    let cells = context.lowered.cells.iter();
    let cells = cells.filter(|cell| cell.has_own_weight());
    let fields =
        cells.filter_map(|cell| Some((bare(cell.name.as_ref()?), own_weight(context, cell))));
    fields.collect()
}

/// The default of a weight in a field.
fn own_weight(context: &Context<'_>, cell: &CellPart<'_>) -> TokenStream {
    match &cell.weight {
        Some(Weight::Scalar(Scalar::Number(number))) => number.get().to_token_stream(),
        Some(Weight::Scalar(Scalar::Constant(path))) => context.lowered.scope.tokens(path),
        _ => quote!(1.0),
    }
}
