//! The configuration: hyper-parameters, weights, and the modules that the caller brings.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::generics::Generics;
use super::{Context, Mapped, attributes, averages, braced, documentation};
use crate::idents::field_ident;
use crate::lower::{Body, CellPart};
use crate::syntax::tree::{Rust, bare};
use diagram_core::{HyperType, Scalar, Weight};

/// A field of a configuration.
pub(super) struct Field<'a> {
    pub(super) documentation: TokenStream,
    pub(super) name: Ident,
    pub(super) ty: TokenStream,
    pub(super) default: Option<TokenStream>,
    pub(super) text: Option<&'a str>,
    pub(super) numbers: Numbers,
}

/// The numbers of a field, which may be such as JSON does not have.
pub(super) enum Numbers {
    None,
    /// It is one.
    Itself,
    /// These fields of it are.
    Inside(Vec<Ident>),
}

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

/// A Burn configuration with these fields: what `derive(Config)` would write, but with the defaults
/// at the user's own tokens, where rustc reports them, and with raw names.
pub(super) fn configuration(
    context: &Context<'_>,
    name: &Ident,
    documentation: &TokenStream,
    fields: &[Field<'_>],
) -> TokenStream {
    let visibility = context.visibility();
    let field_docs = fields.iter().map(|field| &field.documentation);
    let names: Vec<_> = fields.iter().map(|field| &field.name).collect();
    let types: Vec<_> = fields.iter().map(|field| &field.ty).collect();
    let (required, defaulted): (Vec<_>, Vec<_>) =
        fields.iter().partition(|field| field.default.is_none());
    let parameters = required
        .iter()
        .map(|Field { name, ty, .. }| quote!(#name: #ty));
    let values = fields.iter().map(
        |Field {
             name, ty, default, ..
         }| match default {
            // A `let` with its type shows a wrong default as what was expected and what was found.
            Some(default) => quote!(#name: { let value: #ty = #default; value }),
            None => quote!(#name),
        },
    );
    let setters = defaulted.iter().map(|Field { name, ty, text, .. }| {
        let setter = format_ident!("with_{}", bare(name));
        let text = text
            .map(|text| format!(" The default is `{text}`."))
            .unwrap_or_default();
        let doc = format!("Sets [`{0}`](Self::{0}).{text}", bare(name));
        quote! {
            #[doc = #doc]
            #[must_use]
            #visibility fn #setter(mut self, #name: #ty) -> Self {
                self.#name = #name;
                self
            }
        }
    });
    let default = required.is_empty().then(|| {
        quote! {
            impl ::core::default::Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let save = save(context, fields);
    let serialised = serialised(context, name, &names);
    quote! {
        #documentation
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name {
            #(#field_docs #visibility #names: #types,)*
        }

        #[allow(dead_code, deprecated, clippy::too_many_arguments)]
        impl #name {
            /// The configuration with every default.
            #[must_use]
            #visibility fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#setters)*
        }

        #default

        #serialised

        impl burn::config::Config for #name {
            #save
        }

        impl ::core::fmt::Display for #name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                out.write_str(&burn::config::config_to_json(self))
            }
        }
    }
}

/// What serde's derives would write, through the two functions of the runtime that are written once.
fn serialised(context: &Context<'_>, name: &Ident, fields: &[&Ident]) -> TokenStream {
    let runtime = &context.runtime;
    let (text, names): (_, Vec<_>) = (name.to_string(), fields.iter().map(|f| bare(f)).collect());
    let leaf = |of: TokenStream| quote!(#runtime::One(#of));
    let written: Vec<_> = fields
        .iter()
        .map(|field| leaf(quote!(&self.#field)))
        .collect();
    let read: Vec<_> = fields.iter().map(|field| leaf(quote!(#field))).collect();
    let (written, read) = (balanced(&written), balanced(&read));
    quote! {
        impl burn::serde::Serialize for #name {
            fn serialize<S: burn::serde::Serializer>(
                &self,
                out: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                #runtime::write_fields(out, #text, &[#(#names),*], &#written)
            }
        }

        impl<'de> burn::serde::Deserialize<'de> for #name {
            fn deserialize<D: burn::serde::Deserializer<'de>>(
                from: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let #read = #runtime::read_fields(from, #text, &[#(#names),*])?;
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
    }
}

/// The leaves as nested pairs, in order.
fn balanced(leaves: &[TokenStream]) -> TokenStream {
    match leaves {
        [] => quote!(()),
        [one] => one.clone(),
        _ => {
            let (left, right) = leaves.split_at(leaves.len() / 2);
            let (left, right) = (balanced(left), balanced(right));
            quote!((#left, #right))
        }
    }
}

/// Burn's `save`, but with an error for a number that JSON does not have: Burn writes `null`, which no
/// configuration can be read from.
fn save(context: &Context<'_>, fields: &[Field<'_>]) -> Option<TokenStream> {
    let runtime = &context.runtime;
    let mut numbers = Vec::new();
    for Field {
        name, numbers: of, ..
    } in fields
    {
        let field = bare(name);
        match of {
            Numbers::None => {}
            Numbers::Itself => numbers.push(quote!((#field, self.#name))),
            Numbers::Inside(inner) => numbers.extend(inner.iter().map(|inner| {
                let path = format!("{field}.{}", bare(inner));
                quote!((#path, self.#name.#inner))
            })),
        }
    }
    let any = !numbers.is_empty();
    any.then(|| {
        quote! {
            fn save<P: ::core::convert::AsRef<::std::path::Path>>(
                &self,
                file: P,
            ) -> ::std::io::Result<()> {
                #runtime::save_config(self, &[#(#numbers),*], file.as_ref())
            }
        }
    })
}

/// The cells with a weight in a field: the name of the field, and its default.
fn own_weights(context: &Context<'_>) -> Vec<(String, TokenStream)> {
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

/// The weights of named cells.
fn weights(context: &Context<'_>) -> TokenStream {
    let fields: Vec<_> = own_weights(context)
        .into_iter()
        .map(|(name, default)| {
            let doc =
                format!("The weight of the cell `{name}` in the total; not negative.");
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
            HyperType::Size | HyperType::Bool | HyperType::Other(_) => Numbers::None,
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

/// The type of the modules that the caller brings, if there are any.
pub(super) fn modules_type(context: &Context<'_>) -> Option<TokenStream> {
    let brings = context.morphisms().any(|mapped| mapped.is_passed());
    brings.then(|| {
        let (name, given) = (context.named("Modules"), brought(context).given());
        quote!(#name #given)
    })
}

/// The modules that the caller brings.
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
        "The modules that the caller brings to [`{}`].",
        context.model()
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code, deprecated, clippy::struct_field_names)]
        #visibility struct #name #generics #fields
    }
}
