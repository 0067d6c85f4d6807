//! The configuration: hyper-parameters, weights, the caller's modules, and `init`.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Context, Mapped, attributes, documentation};
use crate::lower::Body;
use crate::lower::scope::{HyperType, field_ident};
use crate::syntax::tree::{Rust, bare};

/// A field of a configuration.
struct Field<'a> {
    documentation: TokenStream,
    name: Ident,
    ty: TokenStream,
    default: Option<TokenStream>,
    text: Option<&'a str>,
}

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let weights = context.has_weights().then(|| weights(context));
    let hyper = context.has_floats().then(|| hyper(context));
    let config = config(context);
    let modules = context
        .morphisms()
        .any(|m| m.is_passed())
        .then(|| modules(context));
    let init = init(context);
    quote!(#weights #hyper #config #modules #init)
}

/// A Burn configuration with these fields: what `derive(Config)` would write, but with the defaults
/// at the user's own tokens, where rustc reports them, and with raw names.
fn configuration(
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
    quote! {
        #documentation
        #[derive(Clone, Debug, burn::serde::Serialize, burn::serde::Deserialize)]
        #[serde(crate = "burn::serde")]
        #[allow(dead_code)]
        #visibility struct #name {
            #(#field_docs #visibility #names: #types,)*
        }

        #[allow(dead_code, clippy::too_many_arguments)]
        impl #name {
            /// The configuration with every default.
            #[must_use]
            #visibility fn new(#(#parameters),*) -> Self {
                Self { #(#values),* }
            }

            #(#setters)*
        }

        #default

        impl burn::config::Config for #name {}

        impl ::core::fmt::Display for #name {
            fn fmt(&self, out: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                out.write_str(&burn::config::config_to_json(self))
            }
        }
    }
}

/// The weights of named cells.
fn weights(context: &Context<'_>) -> TokenStream {
    let cells = context
        .lowered
        .cells
        .iter()
        .filter(|cell| cell.has_own_weight());
    let fields: Vec<_> = cells
        .filter_map(|cell| {
            let name = bare(cell.name?);
            let doc =
                format!("What the cell `{name}` is multiplied by in the total; not negative.");
            Some(Field {
                documentation: quote!(#[doc = #doc]),
                name: field_ident(&name),
                ty: quote!(f64),
                default: cell.own_weight.clone(),
                text: None,
            })
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
        #[allow(dead_code)]
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
        fields.push(Field {
            documentation: quote!(#user #doc),
            name: hyper.name.clone(),
            ty: quote!(#ty),
            default: hyper.default.as_ref().map(|Rust(value)| quote!(#value)),
            text: known.default.as_deref(),
        });
    }
    if context.has_weights() {
        let ty = context.named("Weights");
        fields.push(Field {
            documentation: quote!(#[doc = "The weights of the cells."]),
            name: field_ident("weights"),
            ty: quote!(#ty),
            default: Some(quote!(#ty::new())),
            text: None,
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

/// The modules that the caller brings.
fn modules(context: &Context<'_>) -> TokenStream {
    let (name, visibility) = (context.named("Modules"), context.visibility());
    let fields = context
        .morphisms()
        .filter(Mapped::is_passed)
        .filter_map(|mapped| {
            let Body::Module { ty, .. } = mapped.body else {
                return None;
            };
            let field = mapped.name;
            let doc = format!(
                "The module of `{}`.",
                context.diagram().arrow(mapped.morphism)
            );
            Some(quote!(#[doc = #doc] #visibility #field: #ty,))
        });
    let doc = format!(
        "The modules that the caller brings to [`{}`].",
        context.model()
    );
    quote! {
        #[doc = #doc]
        #[derive(Clone, Debug)]
        #[allow(dead_code)]
        #visibility struct #name { #(#fields)* }
    }
}

fn init(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let (model, config, visibility) = (
        context.model(),
        context.named("Config"),
        context.visibility(),
    );
    let passes = context.morphisms().any(|m| m.is_passed());
    let modules = passes.then(|| {
        let modules = context.named("Modules");
        quote!(modules: #modules,)
    });
    let given = passes.then(|| quote!(modules,));
    let builders = context
        .morphisms()
        .filter_map(|mapped| builder(context, &mapped));
    let body = context.body(|| {
        let fields = context.morphisms().filter(Mapped::has_field).map(|mapped| {
            let (field, function) = (mapped.name, mapped.builder());
            let built = if mapped.is_passed() {
                quote!(modules.#field)
            } else {
                quote!(self.#function(device))
            };
            if mapped.morphism.frozen {
                quote!(#field: #runtime::frozen_copy(#built))
            } else {
                quote!(#field: #built)
            }
        });
        let hyper = context.has_floats().then(|| {
            let (ty, floats) = (context.named("Hyper"), context.floats());
            quote!(hyper: #ty { #(#floats: self.#floats),* },)
        });
        let weights = context
            .has_weights()
            .then(|| quote!(weights: self.weights.clone(),));
        quote! {
            #runtime::check_hypers(#model::diagram(), &self.__sizes())?;
            ::core::result::Result::Ok(#model {
                #(#fields,)*
                #hyper
                #weights
                config: self.clone(),
            })
        }
    });
    let sizes = sizes(context);
    let docs = documentation::init(context);
    quote! {
        #[allow(dead_code, unused_variables)]
        impl #config {
            #[doc = #docs]
            ///
            /// # Panics
            ///
            /// Where `try_init` returns an error.
            #[must_use]
            #[track_caller]
            #visibility fn init(&self, #modules device: &#runtime::burn::tensor::Device) -> #model {
                #runtime::or_panic(self.try_init(#given device))
            }

            #[doc = #docs]
            ///
            /// # Errors
            ///
            /// A hyper-parameter of 0 that sizes something, one that leaves an axis nothing, or one that breaks
            /// a stated fact.
            #visibility fn try_init(
                &self,
                #modules
                device: &#runtime::burn::tensor::Device,
            ) -> ::core::result::Result<#model, #runtime::DiagramError> {
                #body
            }

            #(#builders)*
            #sizes
        }
    }
}

/// The values of the hyper-parameters that size something.
fn sizes(context: &Context<'_>) -> TokenStream {
    let hypers = context.lowered.scope.hypers.iter();
    let sizes: Vec<_> = hypers.filter(|hyper| hyper.ty == HyperType::Size).collect();
    let count = sizes.len();
    let pairs = sizes.iter().map(|hyper| {
        let (name, field) = (&hyper.name, field_ident(&hyper.name));
        quote!((#name, self.#field))
    });
    let body = context.body(|| quote!([#(#pairs),*]));
    quote! {
        fn __sizes(&self) -> [(&'static str, usize); #count] {
            #body
        }
    }
}

/// One small function builds each morphism: rustc takes many of them better than a large one.
fn builder(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, function) = (&context.runtime, mapped.builder());
    let (ty, body) = match mapped.body {
        Body::Layers { fields, .. } if !fields.is_empty() => {
            let ty = super::morphism::type_name(context, mapped);
            let names = fields.iter().map(|(name, _)| name);
            let inits = fields.iter().map(|(_, field)| &field.init);
            (
                quote!(#ty),
                context.body(|| quote!(#ty { #(#names: #inits),* })),
            )
        }
        Body::Module {
            ty,
            config: Some(config),
        } => {
            let hypers: Vec<_> = context
                .lowered
                .tree
                .hypers
                .iter()
                .map(|hyper| &hyper.name)
                .collect();
            let own = context.named("Config");
            let scope = (!hypers.is_empty())
                .then(|| quote!(let #own { #(#hypers,)* .. } = ::core::clone::Clone::clone(self);));
            (
                quote!(#ty),
                context.body(|| quote!(#scope (#config).init(device))),
            )
        }
        _ => return None,
    };
    Some(quote! {
        fn #function(&self, device: &#runtime::burn::tensor::Device) -> #ty {
            #body
        }
    })
}
