//! The scalars that are trained: a module with a field for each, and what reads them.

use diagram_core::LearnedId;
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use super::scalars::learned_variable;
use crate::idents::field_ident;

/// The module, if anything is learned.
pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    let learned = &context.diagram().learned;
    if learned.is_empty() {
        return None;
    }
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let name = context.named("Learned");
    let doc = format!(
        "The scalars of [`{}`] that are trained, each kept as its logarithm.",
        context.model()
    );
    let names: Vec<_> = learned.iter().map(|one| field_ident(&one.name)).collect();
    let starts: Vec<_> = learned.iter().map(|one| one.start.get()).collect();
    let docs = learned
        .iter()
        .map(|one| format!("`{}`, which starts at {}.", one.name, one.start.get()));
    let body =
        context.body(|| quote!(#name { #(#names: #runtime::Learned::new(#starts, device)),* }));
    Some(quote! {
        #[doc = #doc]
        #[derive(burn::module::Module, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name { #(#[doc = #docs] #visibility #names: #runtime::Learned,)* }

        #[allow(dead_code, deprecated, unused_variables)]
        impl #name {
            /// All scalars at their first values.
            #[must_use]
            #visibility fn new(device: &#runtime::Device) -> Self #body
        }
    })
}

/// The field of a learned scalar.
pub(super) fn field(context: &Context<'_>, id: LearnedId) -> Ident {
    let learned = context.diagram().learned.get(id.0);
    field_ident(learned.map_or("_", |one| &one.name))
}

/// The value of a cell of `model`, in which its learned arguments are variables.
pub(super) fn bound(
    context: &Context<'_>,
    learned: &[(String, LearnedId)],
    model: &TokenStream,
    value: &TokenStream,
) -> TokenStream {
    if learned.is_empty() {
        return value.clone();
    }
    let variables = learned
        .iter()
        .map(|(argument, _)| learned_variable(argument));
    let fields = learned.iter().map(|(_, id)| field(context, *id));
    quote!({
        #(let #variables = #model.learned.#fields.value();)*
        #value
    })
}
