//! `init`: a model from its configuration, and each of its parts alone.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Context, Mapped, braced, constants, documentation};
use crate::lower::Body;
use crate::lower::scope::{HyperType, field_ident};
use crate::syntax::tree::bare;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
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
        // The caller may pass clones of one module for several morphisms.
        let may_share = |mapped: &Mapped<'_>| {
            let copied = mapped.morphism.frozen || mapped.is_adapted_field();
            matches!(mapped.body, Body::Module { .. }) && !copied
        };
        let several = context.morphisms().filter(may_share).count() > 1;
        let owners = several.then(|| quote!(let mut owners = #runtime::Owners::default();));
        let fields = context.morphisms().filter(Mapped::has_field).map(|mapped| {
            let (field, function) = (mapped.name, mapped.builder());
            let built = if mapped.is_passed() {
                quote!(modules.#field)
            } else {
                quote!(self.#function(device))
            };
            let module = super::module::as_module(context, &mapped);
            if mapped.is_adapted_field() {
                let (adapters, name) = (mapped.adapters_function(), &mapped.morphism.name);
                quote!(#field: #module::adapted(#built, &self.#adapters(), #name)?)
            } else if mapped.morphism.frozen {
                quote!(#field: #module::frozen_copy(#built))
            } else if several && may_share(&mapped) {
                quote!(#field: #module::owned(#built, &mut owners))
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
            self.__check()?;
            #owners
            ::core::result::Result::Ok(#model {
                #(#fields,)*
                #hyper
                #weights
                config: self.clone(),
            })
        }
    });
    let check = context.body(|| checked(context));
    let sizes = sizes(context);
    let docs = documentation::init(context);
    let errors = documentation::nothing_to_adapt(context).map(|errors| quote!(#[doc = #errors]));
    let functions = quote! {
        #[doc = #docs]
        ///
        /// # Panics
        ///
        /// Where `try_init` returns an error.
        #[must_use]
        #[track_caller]
        #visibility fn init(&self, #modules device: &#runtime::Device) -> #model {
            #runtime::or_panic(self.try_init(#given device))
        }

        #[doc = #docs]
        ///
        /// # Errors
        ///
        /// A hyper-parameter of 0 that sizes something, one that leaves an axis nothing, one that breaks
        /// a stated fact, or an argument that it gives out of its range.
        #errors
        #visibility fn try_init(
            &self,
            #modules
            device: &#runtime::Device,
        ) -> ::core::result::Result<#model, #runtime::DiagramError> #body

        fn __check(&self) -> #runtime::Checked<()> #check
    };
    let adapters = context
        .morphisms()
        .filter_map(|mapped| adapters(context, &mapped));
    let functions = braced(
        [functions, sizes]
            .into_iter()
            .chain(builders)
            .chain(adapters),
    );
    quote! {
        #[allow(dead_code, unused_variables)]
        impl #config #functions
    }
}

/// The check of the hyper-parameters, as an expression.
fn checked(context: &Context<'_>) -> TokenStream {
    let (runtime, model) = (&context.runtime, context.model());
    let sizes = quote!(#runtime::check_hypers(#model::diagram(), &self.__sizes()));
    if !context.diagram().has_limits() {
        return sizes;
    }
    let floats = context.float_values(&quote!(self));
    quote!(#sizes.and_then(|()| #runtime::check_ranges(#model::diagram(), &self.__sizes(), #floats)))
}

/// The values of the hyper-parameters that size something, and of constants.
fn sizes(context: &Context<'_>) -> TokenStream {
    let hypers = context.lowered.scope.hypers.iter();
    let sizes: Vec<_> = hypers.filter(|hyper| hyper.ty == HyperType::Size).collect();
    let pairs = sizes.iter().map(|hyper| {
        let (name, field) = (&hyper.name, field_ident(&hyper.name));
        quote!((#name, self.#field))
    });
    let constants = constants::sizes(context, &quote!(Self), true);
    let pairs: Vec<_> = pairs.chain(constants).collect();
    let count = pairs.len();
    let body = context.body(|| quote!([#(#pairs),*]));
    quote! {
        fn __sizes(&self) -> [(&'static str, usize); #count] #body
    }
}

/// What adapters a morphism has, when a model is built and when it is frozen as drawn.
fn adapters(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, function) = (&context.runtime, mapped.adapters_function());
    let body = context.body(|| mapped.adapters.cloned().unwrap_or_default());
    mapped
        .is_adapted_field()
        .then(|| quote!(fn #function(&self) -> #runtime::Adapters #body))
}

/// One small function builds each morphism: rustc takes many of them better than a large one.
fn builder(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, function) = (&context.runtime, mapped.builder());
    let body = match mapped.body {
        Body::Layers { fields, .. } if !fields.is_empty() => {
            let ty = super::morphism::type_name(context, mapped);
            let names = fields.iter().map(|(name, _)| name);
            let inits = fields.iter().map(|(_, field)| &field.init);
            context.body(|| quote!(#ty { #(#names: #inits),* }))
        }
        // Something else is at fault: what builds it is there, so that only that is said.
        Body::Unknown if mapped.has_field() => context.body(TokenStream::new),
        Body::Parameter(init) => context.body(|| init.clone()),
        Body::Module {
            config: Some(config),
            ..
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
            context.body(|| quote!(#scope (#config).init(device)))
        }
        _ => return None,
    };
    let ty = super::morphism::field_type(context, mapped)?;
    let visibility = context.visibility();
    let public = format_ident!("init_{}", bare(mapped.name), span = mapped.name.span());
    let docs = documentation::init_part(context, mapped);
    let checked = context.body(|| {
        quote! {
            #runtime::or_panic(self.__check());
            self.#function(device)
        }
    });
    Some(quote! {
        #[doc = #docs]
        #[must_use]
        #[track_caller]
        #visibility fn #public(&self, device: &#runtime::Device) -> #ty #checked

        fn #function(&self, device: &#runtime::Device) -> #ty #body
    })
}
