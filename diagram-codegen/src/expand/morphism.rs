//! The module of a morphism that is made of layers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::chain::{Chain, Copies};
use super::{Context, Mapped, documentation, opening};
use crate::idents::dim_ident;
use crate::idents::{input_idents, tuple};
use crate::lower::Body;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    context
        .morphisms()
        .filter_map(|mapped| module(context, &mapped))
        .collect()
}

/// `DistillationStudent`
pub(super) fn type_name(context: &Context<'_>, mapped: &Mapped<'_>) -> Ident {
    context.named(mapped.made_stem)
}

/// The type of the field that holds it, where that is known.
pub(super) fn field_type(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    match mapped.body {
        Body::Module { ty, .. } => return Some(quote!(#ty)),
        Body::Slot { parameter, .. } => return Some(quote!(#parameter)),
        _ => {}
    }
    let (_, codomain) = mapped.ends()?;
    Some(if matches!(mapped.body, Body::Parameter) {
        let (runtime, tensor) = (&context.runtime, tuple(&context.space_tensors(codomain)));
        quote!(#runtime::burn::module::Param<#tensor>)
    } else {
        let name = type_name(context, mapped);
        quote!(#name)
    })
}

fn module(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let nothing = Chain::default();
    let chain = match (mapped.body, &mapped.chain) {
        _ if mapped.is_average_field() => return None,
        (Body::Layers, Some(chain)) if !chain.fields.is_empty() => chain,
        (Body::Unknown, _) if mapped.has_field() => &nothing,
        _ => return None,
    };
    let (domain, codomain) = mapped.ends()?;
    let written = Module {
        name: &type_name(context, mapped),
        documentation: &documentation::morphism_type(context, mapped),
        trail: &documentation::shapes(context, mapped),
        inputs: context.space_tensors(domain),
        output: tuple(&context.space_tensors(codomain)),
        chain,
    }
    .written(context);
    let nested: TokenStream = chain
        .copies
        .iter()
        .map(|copies| nested(context, mapped, copies))
        .collect();
    Some(quote!(#written #nested))
}

/// The module of the copies of a `repeat`, and those inside it.
fn nested(context: &Context<'_>, mapped: &Mapped<'_>, copies: &Copies) -> TokenStream {
    let tensors = context.tensors(&copies.shape);
    let written = Module {
        name: &copies.ty,
        documentation: &documentation::copies_type(context, mapped, copies),
        trail: &documentation::trail(&copies.shape, &copies.steps),
        output: tuple(&tensors),
        inputs: tensors,
        chain: &copies.chain,
    }
    .written(context);
    let nested = copies.chain.copies.iter();
    let nested = nested.map(|one| self::nested(context, mapped, one));
    quote!(#written #(#nested)*)
}

/// A module of layers, and its `forward`.
struct Module<'m> {
    name: &'m Ident,
    documentation: &'m str,
    trail: &'m str,
    /// The types of its inputs and of its output.
    inputs: Vec<TokenStream>,
    output: TokenStream,
    chain: &'m Chain,
}

impl Module<'_> {
    fn written(&self, context: &Context<'_>) -> TokenStream {
        let Module {
            name,
            documentation,
            trail,
            inputs,
            output,
            chain,
        } = self;
        let Chain {
            fields,
            forward,
            reads,
            copies,
        } = chain;
        let reads = reads.iter().map(|name| dim_ident(name));
        let visibility = context.visibility();
        let fields = fields.iter().map(|(field, layer)| {
            let repeated = copies.iter().find(|copies| copies.field == *field);
            let doc = match repeated {
                Some(copies) => format!("The copies of `{}`, in order.", copies.text),
                None => format!("The layer `{field}`."),
            };
            let ty = &layer.ty;
            quote!(#[doc = #doc] #visibility #field: #ty,)
        });
        let names = input_idents(inputs.len());
        let open = opening(&names);
        let body = context.body(|| quote!(#open #(let x = #forward;)* x));
        quote! {
            #[doc = #documentation]
            #[derive(burn::module::Module, Debug)]
            #[allow(dead_code, deprecated, clippy::struct_field_names)]
            #visibility struct #name { #(#fields)* }

            #[allow(dead_code, deprecated, unused_variables)]
            impl #name {
                #[doc = #trail]
                #visibility fn forward(&self #(, #names: #inputs)* #(, #reads: usize)*) -> #output #body
            }
        }
    }
}
