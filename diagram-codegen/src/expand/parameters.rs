//! The parameters of a model by morphism: groups of them, what is frozen, and the mode they are in.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::module::as_module;
use super::{Context, Mapped, documentation};
use crate::lower::Body;

pub(super) fn items(context: &Context<'_>) -> TokenStream {
    let groups = groups(context).unwrap_or_default();
    let (freeze, mode) = (freeze(context), mode(context));
    let (implementing, model) = (context.implementing(), context.model_type());
    quote! {
        #groups

        #[allow(dead_code, deprecated, unused_mut)]
        #implementing #model {
            #freeze
            #mode
        }
    }
}

/// The morphisms that have parameters of their own, or most likely have some.
fn with_parameters<'a>(context: &Context<'a>) -> Vec<Mapped<'a>> {
    let parameters =
        |mapped: &Mapped<'_>| matches!(mapped.body, Body::Unknown) || mapped.morphism.has_weights();
    let all = context.morphisms();
    all.filter(|mapped| mapped.has_field() && parameters(mapped))
        .collect()
}

fn variant(mapped: &Mapped<'_>) -> Ident {
    let name = crate::idents::variant(mapped.stem, &mapped.morphism.name);
    format_ident!("{}", name, span = mapped.name.span())
}

/// The morphisms by name, and `params_of`.
fn groups(context: &Context<'_>) -> Option<TokenStream> {
    let morphisms = with_parameters(context);
    if morphisms.is_empty() {
        return None;
    }
    let (runtime, visibility, model) = (&context.runtime, context.visibility(), context.model());
    let (implementing, of) = (context.implementing(), context.model_type());
    let ty = context.named("Morphism");
    let variants: Vec<_> = morphisms.iter().map(variant).collect();
    let names: Vec<_> = morphisms.iter().map(|m| m.morphism.name.as_str()).collect();
    let fields = morphisms.iter().map(|mapped| mapped.name);
    let paths = morphisms.iter().map(|mapped| mapped.name.to_string());
    let documents = morphisms
        .iter()
        .map(|mapped| documentation::arrow(context, mapped));
    let doc = format!(
        "The morphisms of [`{model}`] that have parameters of their own, for [`params_of`]({model}::params_of)."
    );
    let body = context.body(|| {
        let modules = morphisms.iter().map(|mapped| as_module(context, mapped));
        quote! {
            let mut parameters = #runtime::Parameters::default();
            for morphism in morphisms {
                match morphism {
                    #(#ty::#variants => #modules::add_to(&self.#fields, &mut parameters, #paths),)*
                }
            }
            parameters.group()
        }
    });
    Some(quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(dead_code, deprecated)]
        #visibility enum #ty { #(#[doc = #documents] #variants,)* }

        #[allow(dead_code, deprecated)]
        impl #ty {
            /// All of them, in the order of the diagram.
            #visibility const ALL: &'static [Self] = &[#(Self::#variants),*];

            /// Its name in the diagram, which is also that of its field.
            #[must_use]
            #visibility const fn name(self) -> &'static str {
                match self { #(Self::#variants => #names,)* }
            }
        }

        #[allow(dead_code, deprecated)]
        #implementing #of {
            /// The parameters of some morphisms as a group of Burn's, for learning rates, weight
            /// decay, clipping and freezing by morphism.
            ///
            /// It holds the ids that the parameters have now, and their paths in this model. So it
            /// also fits this model after a record is loaded, which brings other ids, and one of the
            /// fields alone, which has other paths.
            #[must_use]
            #visibility fn params_of(
                &self,
                morphisms: impl ::core::iter::IntoIterator<Item = #ty>,
            ) -> #runtime::burn::module::ParamGroup #body
        }
    })
}

/// `freeze_as_drawn`, and what a loss and a step ask before they begin.
fn freeze(context: &Context<'_>) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let frozen: Vec<_> = context
        .morphisms()
        .filter(Mapped::is_frozen_field)
        .collect();
    let adapted: Vec<_> = context
        .morphisms()
        .filter(Mapped::is_adapted_field)
        .collect();
    let averages: Vec<_> = context.averages().collect();
    let followers: Vec<_> = averages.iter().map(|mapped| mapped.name).collect();
    let fields: Vec<_> = frozen.iter().map(|mapped| mapped.name).collect();
    let based: Vec<_> = adapted.iter().map(|mapped| mapped.name).collect();
    let modules = |all: &[Mapped<'_>]| -> Vec<_> {
        all.iter()
            .map(|mapped| as_module(context, mapped))
            .collect()
    };
    let (modules, within, untrained) = (modules(&frozen), modules(&adapted), modules(&averages));
    let document = documentation::freeze_as_drawn(&frozen, &adapted, &averages);
    let body = context.body(|| {
        let config = quote!(self.config);
        let adapters = adapted
            .iter()
            .map(|mapped| mapped.adapters_call(context, &config));
        quote! {
            #(self.#fields = #modules::frozen_copy(self.#fields);)*
            #(self.#based = #within::restored(self.#based, &#adapters);)*
            #(self.#followers = #untrained::untrained_copy(&self.#followers);)*
            self
        }
    });
    let restored = context.has_frozen().then(|| {
        let body = context.body(|| {
            let frozen = modules.iter().zip(&fields);
            let frozen = frozen.map(|(module, field)| quote!(#module::is_frozen(&self.#field)));
            let adapted = within.iter().zip(&based);
            let adapted = adapted.map(|(module, field)| quote!(#module::is_adapted(&self.#field)));
            let kept = untrained.iter().zip(&followers);
            let kept = kept.map(|(module, field)| quote!(#module::is_untrained(&self.#field)));
            let all = frozen.chain(adapted).chain(kept);
            let model = quote!(::core::clone::Clone::clone(self));
            // Gradients of the copy are to be those of the model, so its adapters are not built anew.
            let model = if based.is_empty() {
                quote!(#model.freeze_as_drawn())
            } else {
                quote!({
                    let mut model = #model;
                    #(model.#fields = #modules::frozen_copy(model.#fields);)*
                    #(model.#based = #within::with_frozen_bases(model.#based);)*
                    #(model.#followers = #untrained::untrained_copy(&model.#followers);)*
                    model
                })
            };
            quote! {
                if #(#all)&&* {
                    ::core::option::Option::None
                } else {
                    ::core::option::Option::Some(#model)
                }
            }
        });
        quote! {
            fn __frozen_as_drawn(&self) -> ::core::option::Option<Self> #body
        }
    });
    let checked = (!adapted.is_empty()).then(|| {
        let names = adapted.iter().map(|mapped| &mapped.morphism.name);
        let body = context.body(|| {
            quote! {
                #(#within::check_adapters(&self.#based, #names)?;)*
                ::core::result::Result::Ok(())
            }
        });
        quote!(fn __check_adapters(&self) -> #runtime::Checked<()> #body)
    });
    quote! {
        #[doc = #document]
        #[must_use]
        #visibility fn freeze_as_drawn(mut self) -> Self #body

        #restored

        #checked
    }
}

/// The device with gradients that the model is trained on, if it is in training mode.
fn mode(context: &Context<'_>) -> TokenStream {
    let runtime = &context.runtime;
    let morphisms = with_parameters(context);
    let mut trained = morphisms
        .iter()
        .filter(|mapped| mapped.morphism.average.is_none() && !mapped.morphism.frozen)
        .map(|mapped| {
            let (module, field) = (as_module(context, mapped), mapped.name);
            quote!(#module::training_device(&self.#field))
        });
    let learned = context
        .learns()
        .then(|| quote!(#runtime::FieldModule::training_device(&self.learned)));
    let Some(first) = trained.next().or(learned) else {
        return TokenStream::new();
    };
    let body = context.body(|| {
        quote! {
            #first #(.or_else(|| #trained))*
        }
    });
    quote! {
        fn __training_device(&self) -> ::core::option::Option<#runtime::Device> #body
    }
}
