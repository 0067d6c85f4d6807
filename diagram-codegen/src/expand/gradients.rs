//! The gradients of each cell alone.

use diagram_core::{Cell, CellRole};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Context, loss};
use crate::syntax::tree::bare;

pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    context
        .has_cells(CellRole::Trained)
        .then(|| gradients(context))
}

fn gradients(context: &Context<'_>) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (implementing, model) = (context.implementing(), context.model_type());
    let (name, batch) = (context.named("Gradients"), context.named("Batch"));
    let of_cell = quote!(#runtime::burn::optim::GradientsParams);
    let cells: Vec<_> = context.cells(CellRole::Trained).collect();
    let mut unnamed = 0_usize;
    let fields: Vec<_> = cells
        .iter()
        .map(|cell| match &cell.name {
            Some(name) => name.clone(),
            None => {
                unnamed += 1;
                format_ident!("__unnamed_{unnamed}")
            }
        })
        .collect();
    let declared = cells
        .iter()
        .zip(&fields)
        .map(|(cell, field)| match &cell.name {
            Some(name) => {
                let doc = format!("The gradients of the cell `{}`.", bare(name));
                quote!(#[doc = #doc] #visibility #field: #of_cell,)
            }
            None => quote!(#field: #of_cell,),
        });
    let trained = || {
        let all = context.diagram().cells.iter();
        all.filter(|cell| cell.role == CellRole::Trained)
    };
    let count = fields.len();
    let each = context.body(|| {
        let names = trained().map(Cell::label);
        quote!([#((#names, self.#fields)),*].into_iter())
    });
    let body = context.body(|| {
        let terms = loss::terms(context);
        let passes = fields.iter().zip(terms).map(|(field, term)| {
            quote! {
                #field: passes.gradients(|model| {
                    let loss = model.try_loss(::core::clone::Clone::clone(&batch))?;
                    ::core::result::Result::Ok(#term)
                })?,
            }
        });
        quote! {
            let passes = #runtime::Passes::new(self, #count)?;
            ::core::result::Result::Ok(#name { #(#passes)* })
        }
    });
    quote! {
        /// The gradients of every cell alone, times its weight: together they are those of the total.
        #[derive(Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name { #(#declared)* }

        #[allow(dead_code, deprecated, clippy::should_implement_trait)]
        impl #name {
            /// The gradients of every cell, by name, in the order written; a cell without a name as it is written.
            #visibility fn into_iter(self) -> ::core::array::IntoIter<(&'static str, #of_cell), #count> #each
        }

        #[allow(dead_code, deprecated, unused_variables)]
        #implementing #model {
            /// The gradients of every cell alone, for gradient surgery.
            ///
            /// It costs one pass per cell, forwards and backwards: as many steps as there are cells. All passes make
            /// the draws of the first. Running statistics stay as they are: `loss` of the batch moves them.
            ///
            /// # Panics
            ///
            /// If the form with `try_` returns an error.
            #[must_use]
            #[track_caller]
            #visibility fn gradients(&self, batch: #batch) -> #name {
                #runtime::or_panic(self.try_gradients(batch))
            }

            /// The gradients of every cell alone, as `gradients`.
            ///
            /// # Errors
            ///
            /// The errors of `try_loss`, or an error if nothing of the model takes gradients.
            #visibility fn try_gradients(
                &self,
                batch: #batch,
            ) -> ::core::result::Result<#name, #runtime::DiagramError> #body
        }
    }
}
