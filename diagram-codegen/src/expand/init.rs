//! `init`: a model from its configuration, and each of its parts alone.

use std::collections::HashSet;

use diagram_core::Definition;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::constants::Checks;
use super::generics::Generics;
use super::{Context, Mapped, braced, built, config, constants, documentation, initializer};
use crate::idents::field_ident;
use crate::lower::Body;
use crate::syntax::tree::bare;
use diagram_core::HyperType;

/// The standard deviation of a constant whose initializer is left out, as class tokens and positions are
/// drawn in BERT (Devlin 2019) and in vision transformers (Dosovitskiy 2021).
const STANDARD_DEVIATION: f64 = 0.02;

pub(super) fn items(context: &Context<'_>, checks: &Checks) -> TokenStream {
    let runtime = &context.runtime;
    let (model, config, visibility) = (
        context.model(),
        context.named("Config"),
        context.visibility(),
    );
    let (generics, built) = (context.generics.bounded(), context.model_type());
    let brought = config::modules_type(context);
    let given = brought.as_ref().map(|_| quote!(modules,));
    let modules = brought.map(|ty| quote!(modules: #ty,));
    let parts: Vec<_> = context
        .morphisms()
        .map(|mapped| built_by(context, &mapped))
        .collect();
    let (sizing, known) = (context.sizing.bounded(), context.sizing.turbofish());
    // The model's constants are evaluated wherever one is built.
    let asserted = checks.generic.iter().map(|(name, _)| name);
    let of = context.generics.turbofish();
    let asserted = quote!(#(let () = #model #of::#asserted;)*);
    let body = context.body(|| {
        let (before, fields) = fields(context, &parts);
        let hyper = context.has_floats().then(|| {
            let (ty, floats) = (context.named("Hyper"), context.floats());
            quote!(hyper: #ty { #(#floats: self.#floats),* },)
        });
        let weights = context
            .has_weights()
            .then(|| quote!(weights: self.weights.clone(),));
        let learned = context.learns().then(|| {
            let ty = context.named("Learned");
            quote!(learned: #ty::new(device),)
        });
        let decays = context
            .has_decays()
            .then(|| quote!(decays: self.decays.clone(),));
        let kept = built::kept(context);
        let mutable = kept.as_ref().map(|_| quote!(mut));
        quote! {
            #asserted
            self.__check #known()?;
            #before
            let #mutable model = #model {
                #(#fields,)*
                #learned
                #hyper
                #weights
                #decays
                config: #runtime::Built::by(self.clone()),
            };
            #kept
            ::core::result::Result::Ok(model)
        }
    });
    let check = context.body(|| checked(context));
    let sizes = sizes(context);
    let docs = documentation::init(context);
    let errors = documentation::nothing_to_adapt(context).map(|errors| quote!(#[doc = #errors]));
    let decay = context
        .has_averages()
        .then(|| quote!(#[doc = " Or the decay of an average is not from 0 to 1."]));
    let functions = quote! {
        #[doc = #docs]
        ///
        /// # Panics
        ///
        /// If `try_init` returns an error.
        #[must_use]
        #[track_caller]
        #visibility fn init #generics(&self, #modules device: &#runtime::Device) -> #built {
            #asserted
            #runtime::or_panic(self.try_init(#given device))
        }

        #[doc = #docs]
        ///
        /// # Errors
        ///
        /// A hyper-parameter of 0 that sizes something, one that leaves an axis nothing, one that breaks
        /// a stated fact, or an argument that it gives out of its range.
        #errors
        #decay
        #visibility fn try_init #generics(
            &self,
            #modules
            device: &#runtime::Device,
        ) -> ::core::result::Result<#built, #runtime::DiagramError> #body

        fn __check #sizing(&self) -> #runtime::Checked<()> #check
    };
    let adapters = context
        .morphisms()
        .filter_map(|mapped| adapters(context, &mapped));
    let builders = context.morphisms().zip(parts);
    let builders =
        builders.filter_map(|(mapped, part)| part.map(|part| builder(context, &mapped, part)));
    let functions = braced(
        [functions, sizes]
            .into_iter()
            .chain(builders)
            .chain(adapters),
    );
    quote! {
        #[allow(dead_code, deprecated, unused_variables)]
        impl #config #functions
    }
}

/// The fields of the model as they are built, and what stands before them: what is averaged is built first.
fn fields(context: &Context<'_>, parts: &[Option<Part>]) -> (TokenStream, Vec<TokenStream>) {
    let runtime = &context.runtime;
    // The caller may pass clones of one module for several morphisms.
    let may_share = |mapped: &Mapped<'_>| {
        let copied =
            mapped.morphism.frozen || mapped.is_adapted_field() || mapped.is_average_field();
        matches!(mapped.body, Body::Module { .. } | Body::Slot { .. }) && !copied
    };
    let several = context.morphisms().filter(may_share).count() > 1;
    let owners = several.then(|| quote!(let mut owners = #runtime::Owners::default();));
    let mut before = owners.unwrap_or_default();
    let mut copies = TokenStream::new();
    let averaged: HashSet<_> = context
        .averages()
        .filter_map(|average| Some(context.averaged(&average)?.id))
        .collect();
    let morphisms = context.morphisms().zip(parts);
    let fields = morphisms.filter(|(mapped, _)| mapped.has_field());
    let fields = fields.map(|(mapped, part)| {
        let (field, function) = (mapped.name, mapped.builder());
        if let Some(of) = context.averaged(&mapped) {
            let (module, variable) = (super::module::as_module(context, &mapped), mapped.built());
            let of = of.built();
            copies.extend(quote!(let #variable = #module::untrained_copy(&#of);));
            return quote!(#field: #variable);
        }
        let built = if mapped.is_passed() {
            quote!(modules.#field)
        } else {
            let named = part.as_ref().map(|part| part.named.turbofish());
            quote!(self.#function #named(device))
        };
        let module = super::module::as_module(context, &mapped);
        let built = if mapped.is_adapted_field() {
            let adapters = mapped.adapters_call(context, &quote!(self));
            let name = &mapped.morphism.name;
            quote!(#module::adapted(#built, &#adapters, #name)?)
        } else if mapped.morphism.frozen {
            quote!(#module::frozen_copy(#built))
        } else if several && may_share(&mapped) {
            quote!(#module::owned(#built, &mut owners))
        } else {
            built
        };
        if averaged.contains(&mapped.id) {
            let variable = mapped.built();
            before.extend(quote!(let #variable = #built;));
            quote!(#field: #variable)
        } else {
            quote!(#field: #built)
        }
    });
    let fields = fields.collect();
    before.extend(copies);
    (before, fields)
}

/// The check of the hyper-parameters, as an expression.
fn checked(context: &Context<'_>) -> TokenStream {
    let (runtime, sizes) = (&context.runtime, context.sizes_of(&quote!(self)));
    let checked = quote!(#runtime::check_hypers(Self::diagram(), &#sizes));
    let checked = if context.has_averages() {
        let decays = context.checked_decays(&quote!(self.decays), &quote!(self));
        quote!(#checked.and_then(|()| #decays))
    } else {
        checked
    };
    if !context.diagram().has_limits() {
        return checked;
    }
    let floats = context.float_values(&quote!(self));
    quote!(#checked.and_then(|()| #runtime::check_ranges(Self::diagram(), &#sizes, #floats)))
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
    let generics = context.sizing.bounded();
    let body = context.body(|| quote!([#(#pairs),*]));
    quote! {
        fn __sizes #generics(&self) -> [(&'static str, usize); #count] #body
    }
}

/// What adapters a morphism has, when a model is built and when it is frozen as drawn.
fn adapters(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<TokenStream> {
    let (runtime, function) = (&context.runtime, mapped.adapters_function());
    let body = context.body(|| mapped.adapters(context));
    let generics = mapped.adapters_generics(context).bounded();
    mapped
        .is_adapted_field()
        .then(|| quote!(fn #function #generics(&self) -> #runtime::Adapters #body))
}

/// How one morphism is built.
struct Part {
    /// The expression that builds it, where `self` is the configuration.
    code: TokenStream,
    ty: TokenStream,
    /// The generics that the two name.
    named: Generics,
}

/// How a morphism is built, where it is not passed.
fn built_by(context: &Context<'_>, mapped: &Mapped<'_>) -> Option<Part> {
    let code = match mapped.body {
        _ if mapped.is_average_field() => return None,
        Body::Layers if mapped.has_field() => {
            let fields = &mapped.chain.as_ref()?.fields;
            let ty = super::morphism::type_name(context, mapped);
            let names = fields.iter().map(|(name, _)| name);
            let inits = fields.iter().map(|(_, field)| &field.init);
            quote!(#ty { #(#names: #inits),* })
        }
        // Something else is at fault: what builds it is there, so that only that is said.
        Body::Unknown if mapped.has_field() => TokenStream::new(),
        Body::Parameter => parameter(context, mapped),
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
            quote!(#scope (#config).init(device))
        }
        _ => return None,
    };
    let ty = super::morphism::field_type(context, mapped)?;
    let named = context.generics.named_in(&quote!(#ty #code));
    Some(Part { code, ty, named })
}

/// A learned constant, of its codomain's shape.
fn parameter(context: &Context<'_>, mapped: &Mapped<'_>) -> TokenStream {
    let (runtime, scope) = (&context.runtime, &context.lowered.scope);
    let burn = quote!(#runtime::burn);
    let initializer = match &mapped.morphism.definition {
        Definition::Parameter {
            initializer: Some(drawn),
            ..
        } => initializer::code(drawn, scope, &burn, &quote!(self)),
        _ => quote!(#burn::nn::Initializer::Normal { mean: 0.0, std: #STANDARD_DEVIATION }),
    };
    let shapes = context.diagram().shapes(&mapped.morphism.codomain);
    let sizes = shapes.dims().map(|dim| scope.size_code(dim));
    quote!(#initializer.init([#(#sizes),*], device))
}

/// One small function builds each morphism: rustc takes many of them better than a large one.
fn builder(context: &Context<'_>, mapped: &Mapped<'_>, part: Part) -> TokenStream {
    let (runtime, function) = (&context.runtime, mapped.builder());
    let Part { code, ty, named } = part;
    let visibility = context.visibility();
    let public = format_ident!("init_{}", bare(mapped.name), span = mapped.name.span());
    let docs = documentation::init_part(context, mapped);
    // The sizes are checked before anything is built.
    let sizing = context.sizing.turbofish();
    let (own, given) = (named.bounded(), named.turbofish());
    let all = context.generics.named_in(&quote!(#own #sizing)).bounded();
    let checked = context.body(|| {
        quote! {
            #runtime::or_panic(self.__check #sizing());
            self.#function #given(device)
        }
    });
    let body = context.body(|| code);
    quote! {
        #[doc = #docs]
        #[must_use]
        #[track_caller]
        #visibility fn #public #all(&self, device: &#runtime::Device) -> #ty #checked

        fn #function #own(&self, device: &#runtime::Device) -> #ty #body
    }
}
