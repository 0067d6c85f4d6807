//! The batch: one field a datum, and its check.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Context, attributes, documentation};
use crate::lower::scope::field_ident;

pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    let diagram = context.diagram();
    if diagram.data.is_empty() {
        return None;
    }
    let (runtime, model) = (&context.runtime, context.model());
    let (name, visibility) = (context.named("Batch"), context.visibility());
    let names: Vec<_> = diagram
        .data
        .iter()
        .map(|datum| field_ident(&datum.field))
        .collect();
    let fields = diagram
        .data
        .iter()
        .zip(&context.lowered.data)
        .zip(&names)
        .map(|((datum, part), field)| {
            let ty = context.space_tensor(&datum.space);
            let user = attributes([&part.attributes]);
            let doc = documentation::datum(context, datum);
            quote!(#user #[doc = #doc] #visibility #field: #ty,)
        });
    let body = context.body(|| {
        quote! {
            #runtime::check_batch(#model::diagram(), ::core::option::Option::None, &[#(&self.#names.dims()[..]),*])
                .map(::core::mem::drop)
        }
    });
    let sizes = context.body(|| {
        quote! {
            #runtime::check_batch(#model::diagram(), ::core::option::Option::Some(hypers), &[#(&self.#names.dims()[..]),*])
        }
    });
    let samples = names.first().map(|first| {
        let body = context.body(|| quote!(self.#first.dims().first().copied().unwrap_or(1)));
        quote!(fn __samples(&self) -> usize #body)
    });
    let doc = format!("The data of one batch of [`{model}`], checked by [`check`](Self::check).");
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code, clippy::struct_field_names)]
        #visibility struct #name { #(#fields)* }

        #[allow(dead_code, unused_variables)]
        impl #name {
            /// Whether the data have the drawn sizes and agree on the dims they share. Dims that a
            /// hyper-parameter gives are compared among the data; `loss` knows the model's own.
            ///
            /// # Errors
            ///
            /// The first datum that does not fit, named with its axis and both sizes.
            #visibility fn check(&self) -> ::core::result::Result<(), #runtime::DiagramError> #body

            fn __check(
                &self,
                hypers: &[(&'static str, usize)],
            ) -> #runtime::Checked<#runtime::Bindings<'static>> #sizes

            #samples
        }

        impl #runtime::Batch for #name {
            fn check(&self) -> ::core::result::Result<(), #runtime::DiagramError> {
                #name::check(self)
            }
        }
    })
}
