//! The module of a morphism that is made of layers.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::{Context, Mapped, documentation, opening};
use crate::layers::Field;
use crate::lower::scope::dim_ident;
use crate::lower::{Body, Copies, input_idents, tuple};

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
    Some(if matches!(mapped.body, Body::Parameter(_)) {
        let (runtime, tensor) = (&context.runtime, tuple(&context.space_tensors(codomain)));
        quote!(#runtime::burn::module::Param<#tensor>)
    } else {
        let name = type_name(context, mapped);
        quote!(#name)
    })
}

fn module(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (fields, forward, reads, copies) = match mapped.body {
        _ if mapped.is_average_field() => return None,
        Body::Layers {
            fields,
            forward,
            reads,
            copies,
        } if !fields.is_empty() => (&fields[..], &forward[..], &reads[..], &copies[..]),
        Body::Unknown if mapped.has_field() => (&[][..], &[][..], &[][..], &[][..]),
        _ => return None,
    };
    let (domain, codomain) = mapped.ends()?;
    let written = Module {
        name: &type_name(context, mapped),
        documentation: &documentation::morphism_type(context, mapped),
        trail: &documentation::shapes(context, mapped),
        inputs: context.space_tensors(domain),
        output: tuple(&context.space_tensors(codomain)),
        fields,
        forward,
        reads,
        copies,
    }
    .written(context);
    let nested: TokenStream = copies
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
        fields: &copies.fields,
        forward: &copies.forward,
        reads: &copies.reads,
        copies: &copies.copies,
    }
    .written(context);
    let nested = copies.copies.iter().map(|one| nested(context, mapped, one));
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
    fields: &'m [(Ident, Field)],
    forward: &'m [TokenStream],
    /// The dynamic dims that its `forward` is told.
    reads: &'m [String],
    copies: &'m [Copies],
}

impl Module<'_> {
    fn written(&self, context: &Context<'_>) -> TokenStream {
        let Module {
            name,
            documentation,
            trail,
            inputs,
            output,
            fields,
            forward,
            reads,
            copies,
        } = self;
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
