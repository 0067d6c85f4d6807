//! Averages of other morphisms: the decays that may change, and the step that moves the averages.

use proc_macro2::TokenStream;
use quote::quote;

use super::config::{Field, Numbers, configuration};
use super::module::as_module;
use super::{Context, Mapped};
use crate::lower::scope::field_ident;
use crate::lower::{Body, Decay};
use crate::syntax::tree::bare;

impl<'a> Context<'a> {
    /// The averages, in the order of the diagram.
    pub(super) fn averages(&self) -> impl Iterator<Item = Mapped<'a>> {
        self.morphisms().filter(Mapped::is_average_field)
    }

    pub(super) fn has_averages(&self) -> bool {
        self.averages().next().is_some()
    }

    /// Whether some average has a decay in a field.
    pub(super) fn has_decays(&self) -> bool {
        self.own_decays().next().is_some()
    }

    /// The averages that have a decay in a field, each with its default.
    pub(super) fn own_decays(&self) -> impl Iterator<Item = (Mapped<'a>, &'a TokenStream)> {
        self.averages()
            .filter_map(|mapped| match self.decay(&mapped)? {
                Decay::Own(default) => Some((mapped, default)),
                Decay::Hyper(_) => None,
            })
    }

    fn decay(&self, mapped: &Mapped<'_>) -> Option<&'a Decay> {
        match &self.lowered.morphisms[mapped.id.0].body {
            Body::Average { decay, .. } => Some(decay),
            _ => None,
        }
    }

    /// The decay of an average, where decays are fields of `decays` and hyper-parameters those of `hypers`.
    fn decay_code(
        &self,
        mapped: &Mapped<'_>,
        decays: &TokenStream,
        hypers: &TokenStream,
    ) -> TokenStream {
        match self.decay(mapped) {
            Some(Decay::Hyper(name)) => {
                let field = field_ident(name);
                quote!(#hypers.#field)
            }
            Some(Decay::Own(_)) | None => {
                let field = mapped.name;
                quote!(#decays.#field)
            }
        }
    }

    /// The check of every decay, as an expression.
    pub(super) fn checked_decays(&self, decays: &TokenStream, hypers: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        let all = self.averages().map(|mapped| {
            let decay = self.decay_code(&mapped, decays, hypers);
            let name = &mapped.morphism.name;
            quote!((#name, #decay))
        });
        quote!(#runtime::check_decays(&[#(#all),*]))
    }
}

/// The decays of averages.
pub(super) fn decays(context: &Context<'_>) -> TokenStream {
    let fields = context.own_decays().filter_map(|(mapped, default)| {
        let (name, of) = (bare(mapped.name), context.averaged(&mapped)?);
        let doc = format!(
            "How much of the average `{name}` of `{}` stays at a step, from 0 to 1.",
            of.morphism.name
        );
        Some(Field {
            documentation: quote!(#[doc = #doc]),
            name: mapped.name.clone(),
            ty: quote!(f64),
            default: Some(default.clone()),
            text: None,
            numbers: Numbers::Itself,
        })
    });
    let fields: Vec<_> = fields.collect();
    let doc = format!(
        "The decays of the averages of [`{}`], read at every step.",
        context.model()
    );
    let name = context.named("Decays");
    configuration(context, &name, &quote!(#[doc = #doc]), &fields)
}

/// What moves the averages.
pub(super) fn items(context: &Context<'_>) -> Option<TokenStream> {
    context.has_averages().then(|| update(context))
}

fn update(context: &Context<'_>) -> TokenStream {
    let (runtime, visibility) = (&context.runtime, context.visibility());
    let (implementing, model) = (context.implementing(), context.model_type());
    let list: Vec<_> = context
        .averages()
        .filter_map(|mapped| {
            let of = context.averaged(&mapped)?;
            Some(format!(
                "`{}` of `{}`",
                mapped.morphism.name, of.morphism.name
            ))
        })
        .collect();
    let doc = format!(
        "Moves the averages ({}) after a step of an optimiser, each towards what it averages.\n\n\
         Burn's learner calls it, and so does `TrainStep::optimize`; behind `optimizer.step(…)` in a loop of \
         your own it is to be called once, else the averages stay what they were.",
        list.join(", ")
    );
    let body = context.body(|| {
        let (decays, hypers) = (quote!(self.decays), quote!(self.hyper));
        let check = context.checked_decays(&decays, &hypers);
        let (mut moved, mut fields) = (Vec::new(), Vec::new());
        for mapped in context.averages() {
            let Some(of) = context.averaged(&mapped) else {
                continue;
            };
            let (module, field, from) = (as_module(context, &mapped), mapped.name, of.name);
            let (name, of) = (&mapped.morphism.name, &of.morphism.name);
            let decay = context.decay_code(&mapped, &decays, &hypers);
            moved.push(quote! {
                #module::following(&self.#field, &self.#from, #decay, (#name, #of))?
            });
            fields.push(field);
        }
        // Nothing moves where something is wrong.
        quote! {
            #check?;
            let moved = (#(#moved,)*);
            (#(self.#fields,)*) = moved;
            ::core::result::Result::Ok(())
        }
    });
    quote! {
        #[allow(dead_code, deprecated)]
        #implementing #model {
            #[doc = #doc]
            ///
            /// # Panics
            ///
            /// Where `try_update_averages` returns an error.
            #[track_caller]
            #visibility fn update_averages(&mut self) {
                #runtime::or_panic(self.try_update_averages());
            }

            #[doc = #doc]
            ///
            /// # Errors
            ///
            /// A decay that is not from 0 to 1, or an average with other parameters than what it averages: one
            /// of the two was assigned.
            #visibility fn try_update_averages(
                &mut self,
            ) -> ::core::result::Result<(), #runtime::DiagramError> #body
        }
    }
}
