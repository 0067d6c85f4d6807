//! The configuration: hyper-parameters, weights, and the modules that the caller passes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::configuration::{Field, Numbers, configuration};
use super::generics::Generics;
use super::weights::own_weights;
use super::{Context, Mapped, attributes, averages, braced, documentation};
use crate::idents::field_ident;
use crate::lower::Body;
use crate::syntax::tree::{Rust, bare};
use diagram_core::HyperType;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let weights = context.has_weights().then(|| weights(context));
    let decays = context.has_decays().then(|| averages::decays(context));
    let hyper = context.has_floats().then(|| hyper(context));
    let config = config(context);
    let modules = context
        .morphisms()
        .any(|m| m.is_passed())
        .then(|| modules(context));
    quote!(#weights #decays #hyper #config #modules)
}

/// The weights of named cells.
fn weights(context: &Context<'_>) -> TokenStream {
    let fields: Vec<_> = own_weights(context)
        .into_iter()
        .map(|(name, default)| {
            let doc = format!("The weight of the cell `{name}` in the total; not negative.");
            Field {
                documentation: quote!(#[doc = #doc]),
                name: field_ident(&name),
                ty: quote!(f64),
                default: Some(default),
                text: None,
                numbers: Numbers::Itself,
            }
        })
        .collect();
    let doc = format!(
        "The weights of the cells of [`{}`], read at every call.",
        context.model()
    );
    configuration(
        context,
        &context.named("Weights"),
        &quote!(#[doc = #doc]),
        &fields,
    )
}

/// The hyper-parameters that are read at every call.
fn hyper(context: &Context<'_>) -> TokenStream {
    let (name, visibility) = (context.named("Hyper"), context.visibility());
    let doc = format!(
        "The hyper-parameters of [`{}`] that are read at every call: a schedule is an assignment.",
        context.model()
    );
    let fields = context.floats().map(|field| {
        let doc = format!("The hyper-parameter `{}`.", bare(&field));
        quote!(#[doc = #doc] #visibility #field: f64,)
    });
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug, PartialEq)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name { #(#fields)* }
    }
}

fn config(context: &Context<'_>) -> TokenStream {
    let mut fields = Vec::new();
    let diagram = context.diagram();
    for known in &diagram.hypers {
        let mut written = context.lowered.tree.hypers.iter();
        let Some(hyper) = written.find(|hyper| bare(&hyper.name) == known.name) else {
            continue;
        };
        let user = attributes([&hyper.attributes.as_slice()]);
        let doc = format!("The hyper-parameter `{}`.", known.name);
        // An explanation of the user's own stands alone.
        let doc = user.is_empty().then(|| quote!(#[doc = #doc]));
        let ty = &hyper.ty.0;
        let numbers = match &known.ty {
            HyperType::Float => Numbers::Itself,
            HyperType::Size | HyperType::Bool => Numbers::None,
            HyperType::Other(_) => Numbers::Unknown,
        };
        fields.push(Field {
            documentation: quote!(#user #doc),
            name: hyper.name.clone(),
            ty: quote!(#ty),
            default: hyper.default.as_ref().map(|Rust(value)| quote!(#value)),
            text: known.default.as_ref().map(|value| value.text.as_str()),
            numbers,
        });
    }
    let weights = own_weights(context).into_iter();
    let weights = weights.map(|(name, _)| field_ident(&name));
    let groups: [(_, _, Vec<Ident>); 2] = [
        ("Weights", "The weights of the cells.", weights.collect()),
        (
            "Decays",
            "The decays of the averages.",
            context
                .own_decays()
                .map(|(mapped, _)| mapped.name.clone())
                .collect(),
        ),
    ];
    for (group, doc, inner) in groups {
        if inner.is_empty() {
            continue;
        }
        let ty = context.named(group);
        fields.push(Field {
            documentation: quote!(#[doc = #doc]),
            name: field_ident(&group.to_lowercase()),
            ty: quote!(#ty),
            default: Some(quote!(#ty::new())),
            text: None,
            numbers: Numbers::Inside(inner),
        });
    }
    let doc = documentation::config(context);
    configuration(
        context,
        &context.named("Config"),
        &quote!(#[doc = #doc]),
        &fields,
    )
}

/// The generics that the modules of the caller's have.
fn brought(context: &Context<'_>) -> Generics {
    let types = context.morphisms().filter_map(|mapped| mapped.passed());
    context.generics.named_in(&types.collect())
}

/// Those of them that stand in other types, which may need what Burn asks of a module. What is only a slot is
/// asked for where a model is built, once.
fn inside(context: &Context<'_>) -> TokenStream {
    let types = context.morphisms().filter_map(|mapped| match mapped.body {
        Body::Module { ty, config: None } => Some(quote!(#ty)),
        _ => None,
    });
    types.collect()
}

/// The type of the modules that the caller passes, if there are any.
pub(super) fn modules_type(context: &Context<'_>) -> Option<TokenStream> {
    let brings = context.morphisms().any(|mapped| mapped.is_passed());
    brings.then(|| {
        let (name, given) = (context.named("Modules"), brought(context).given());
        quote!(#name #given)
    })
}

/// The modules that the caller passes.
fn modules(context: &Context<'_>) -> TokenStream {
    let (name, visibility) = (context.named("Modules"), context.visibility());
    let fields = context
        .morphisms()
        .filter(Mapped::is_passed)
        .filter_map(|mapped| {
            let (ty, field) = (mapped.passed()?, mapped.name);
            let doc = format!(
                "The module of `{}`.",
                context.diagram().arrow(mapped.morphism)
            );
            Some(quote!(#[doc = #doc] #visibility #field: #ty,))
        });
    let fields = braced(fields);
    let generics = brought(context).of_modules(&inside(context));
    let doc = format!(
        "The modules that the caller passes to [`{}`].",
        context.model()
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name #generics #fields
    }
}
