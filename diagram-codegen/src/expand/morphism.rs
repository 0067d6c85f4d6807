//! The module of a morphism that is made of layers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Bodies, Context, Mapped, documentation};
use crate::lower::Body;
use crate::lower::names::camel_case;
use crate::lower::scope::dim_ident;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    context
        .morphisms()
        .filter_map(|mapped| module(context, &mapped))
        .collect()
}

/// `DistillationStudent`
pub(super) fn type_name(context: &Context<'_>, mapped: &Mapped<'_>) -> Ident {
    context.named(&camel_case(&mapped.morphism.name))
}

fn module(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (fields, forward, reads) = match mapped.body {
        Body::Layers {
            fields,
            forward,
            reads,
        } if !fields.is_empty() => (fields.as_slice(), forward.as_slice(), reads.as_slice()),
        Body::Unknown if mapped.has_field() => (&[][..], &[][..], &[][..]),
        _ => return None,
    };
    let (domain, codomain) = mapped.ends()?;
    let (name, visibility) = (type_name(context, mapped), context.visibility());
    let docs = documentation::morphism_type(context, mapped);
    let layers = fields.iter().map(|(field, layer)| {
        let (doc, ty) = (format!("The layer `{field}`."), &layer.ty);
        quote!(#[doc = #doc] #visibility #field: #ty,)
    });
    let (input, output) = (context.space_tensor(domain), context.space_tensor(codomain));
    let body = match context.bodies {
        Bodies::Whole => quote!(#(let x = #forward;)* x),
        Bodies::Skeleton => context.body(TokenStream::new),
    };
    let shapes = documentation::shapes(context, mapped);
    let reads = reads.iter().map(|name| dim_ident(name));
    Some(quote! {
        #[doc = #docs]
        #[derive(burn::module::Module, Debug)]
        #[allow(dead_code, clippy::struct_field_names)]
        #visibility struct #name { #(#layers)* }

        #[allow(dead_code, unused_variables)]
        impl #name {
            #[doc = #shapes]
            #visibility fn forward(&self, x: #input #(, #reads: usize)*) -> #output {
                #body
            }
        }
    })
}
