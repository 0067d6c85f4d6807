//! The batch: one field a datum, and its check.

use std::collections::HashSet;

use diagram_core::{Class, DatumId, Diagram, Generic, Kind};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Context, attributes, constants, documentation};
use crate::idents::field_ident;
use crate::scope::mentions;

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
    let config = context.named("Config");
    let constants = constants::sizes(context, &quote!(#config), false);
    let constants = quote!(&[#(#constants),*]);
    let check = context.body(|| {
        let entries = entries(context, &names, "entries");
        let finite = finite(context, &names);
        let dropped = finite.is_none().then(|| quote!(.map(::core::mem::drop)));
        quote!(self.__check(#constants)#entries #finite #dropped)
    });
    let check_at_hand = context.body(|| quote!(self.__check(#constants).map(::core::mem::drop)));
    let sizes = context.body(|| {
        let entries = entries(context, &names, "entries_at_hand");
        quote! {
            #runtime::check_batch(#config::diagram(), known, &[#(&self.#names.dims()[..]),*])#entries
        }
    });
    let samples = names.first().map(|first| {
        let body = context.body(|| quote!(self.#first.dims().first().copied().unwrap_or(1)));
        quote!(fn __samples(&self) -> usize #body)
    });
    let plain = context.body(|| quote!(Self { #(#names: self.#names.without_autodiff()),* }));
    let read = (0..names.len()).any(|datum| is_read(diagram, datum));
    let read = read.then(|| {
        quote! {
            /// On the CPU, where reading waits for nothing, a step also checks class indices, lengths and weights.
            ///
        }
    });
    let doc = format!("The data of one batch of [`{model}`], checked by [`check`](Self::check).");
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name { #(#fields)* }

        #[allow(dead_code, deprecated, unused_variables)]
        impl #name {
            /// Whether the data have the drawn sizes and agree on the dims they share. Dims that a
            /// hyper-parameter gives are compared among the data; `loss` knows the model's own.
            ///
            /// Values are read back and checked too: every Float entry is a finite number, every entry that stands
            /// for a class or a length is one, and no weight is negative. A device that computes on its own is waited
            /// for. `loss` checks sizes alone.
            ///
            #read
            /// # Errors
            ///
            /// The first datum that does not fit, named with its axis and both sizes, or with its entry.
            #visibility fn check(&self) -> ::core::result::Result<(), #runtime::DiagramError> #check

            fn __check(
                &self,
                known: &[(&'static str, usize)],
            ) -> #runtime::Checked<#runtime::Bindings<'static>> #sizes

            #samples

            fn __plain(self) -> Self #plain
        }

        impl #runtime::Batch for #name {
            fn check(&self) -> ::core::result::Result<(), #runtime::DiagramError> {
                #name::check(self)
            }

            fn check_at_hand(&self) -> ::core::result::Result<(), #runtime::DiagramError> #check_at_hand
        }
    })
}

/// What checks that Float data are finite, once sizes are known.
fn finite(context: &Context<'_>, names: &[Ident]) -> Option<TokenStream> {
    let (runtime, config) = (&context.runtime, context.named("Config"));
    let diagram = context.diagram();
    let floats = diagram.data.iter().zip(names).enumerate();
    let floats = floats.filter(|(_, (datum, _))| diagram.shape(&datum.space).kind == Kind::Float);
    let floats: Vec<_> = floats
        .map(|(datum, (_, field))| {
            quote!(#runtime::check_data(#config::diagram(), #datum, &self.#field))
        })
        .collect();
    (!floats.is_empty()).then(|| {
        quote! {
            .and_then(|_| {
                #(#floats?;)*
                ::core::result::Result::Ok(())
            })
        }
    })
}

/// Whether the entries of a datum, by its position, stand for something or weigh a cell.
fn is_read(diagram: &Diagram, datum: usize) -> bool {
    let mut ranges = diagram.index_ranges.iter();
    ranges.any(|range| range.datum.0 == datum)
        || diagram.weighed_by(DatumId(datum)).next().is_some()
}

/// What checks the entries of data that stand for something or weigh a cell, once sizes are known. `read` is the
/// function of the runtime that reads them.
fn entries(context: &Context<'_>, names: &[Ident], read: &str) -> Option<TokenStream> {
    let (runtime, config) = (&context.runtime, context.named("Config"));
    let diagram = context.diagram();
    let read = format_ident!("{read}");
    let data = names
        .iter()
        .enumerate()
        .filter(|(datum, _)| is_read(diagram, *datum));
    let data: Vec<_> = data
        .map(|(datum, field)| quote!((#datum, &|| #runtime::#read(&self.#field))))
        .collect();
    let ignored = ignored(context);
    (!data.is_empty()).then(|| {
        quote! {
            .and_then(|sizes| {
                #runtime::check_entries(#config::diagram(), &sizes, &[#(#ignored),*], &[#(#data),*])?;
                ::core::result::Result::Ok(sizes)
            })
        }
    })
}

/// The constants that losses ignore as classes, by name, each once; without those that generics decide.
fn ignored(context: &Context<'_>) -> Vec<TokenStream> {
    let (runtime, scope) = (&context.runtime, &context.lowered.scope);
    let ignored = context.diagram().index_ranges.iter();
    let ignored = ignored.flat_map(|range| &range.ignored);
    let mut seen = HashSet::new();
    let constants = ignored.filter_map(|class| match class {
        Class::Constant(path) => {
            let tokens = scope.tokens(path);
            let decided = |generic: &Generic| mentions(tokens.clone(), &generic.name);
            let known = !scope.generics.iter().any(decided) && seen.insert(&path.text);
            known.then(|| {
                let (name, value) = (&path.text, scope.class_code(class, runtime));
                quote!((#name, #value))
            })
        }
        Class::Number(_) => None,
    });
    constants.collect()
}
