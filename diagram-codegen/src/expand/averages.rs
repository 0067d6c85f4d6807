//! Averages of other morphisms: the decays that may change, and the step that moves the averages.

use diagram_core::{Range, Scalar};
use proc_macro2::TokenStream;
use quote::quote;

use super::configuration::{Field, Numbers, configuration};
use super::module::as_module;
use super::scalars::For;
use super::{Context, Mapped};
use crate::idents::field_ident;
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
    pub(super) fn own_decays(&self) -> impl Iterator<Item = (Mapped<'a>, TokenStream)> {
        self.averages().filter_map(|mapped| {
            let decay = &mapped.morphism.average.as_ref()?.decay;
            let given = For {
                argument: "decay",
                range: Range::at_least(0).at_most(1),
            };
            let code = || {
                let scope = &self.lowered.scope;
                scope.scalar_code(decay, &TokenStream::new(), given)
            };
            (!matches!(decay, Scalar::Hyper(_))).then(|| (mapped, code()))
        })
    }

    /// The check of every decay, as an expression.
    pub(super) fn checked_decays(&self, decays: &TokenStream, hypers: &TokenStream) -> TokenStream {
        let runtime = &self.runtime;
        let all = self.averages().map(|mapped| {
            let decay = decay_code(&mapped, decays, hypers);
            let name = &mapped.morphism.name;
            quote!((#name, #decay))
        });
        quote!(#runtime::check_decays(&[#(#all),*]))
    }
}

/// The decay of an average, where decays are fields of `decays` and hyper-parameters those of `hypers`.
fn decay_code(mapped: &Mapped<'_>, decays: &TokenStream, hypers: &TokenStream) -> TokenStream {
    match mapped.morphism.average.as_ref().map(|one| &one.decay) {
        Some(Scalar::Hyper(name)) => {
            let field = field_ident(name);
            quote!(#hypers.#field)
        }
        _ => {
            let field = mapped.name;
            quote!(#decays.#field)
        }
    }
}

/// The decays of averages.
pub(super) fn decays(context: &Context<'_>) -> TokenStream {
    let fields = context.own_decays().filter_map(|(mapped, default)| {
        let (name, of) = (bare(mapped.name), context.averaged(&mapped)?);
        let doc = format!(
            "The share of the average `{name}` of `{}` that stays at a step, from 0 to 1.",
            of.morphism.name
        );
        Some(Field {
            documentation: quote!(#[doc = #doc]),
            name: mapped.name.clone(),
            ty: quote!(f64),
            default: Some(default),
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
        "Moves the averages ({}) after a step of an optimiser, each towards the averaged morphism.\n\n\
         Burn's learner and `TrainStep::optimize` move them themselves, if the step moved the averaged morphism. In a \
         loop of your own, it is to be called once after each `optimizer.step(…)` that moved an averaged morphism; \
         without the call the averages do not change.",
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
            let decay = decay_code(&mapped, &decays, &hypers);
            moved.push(quote! {
                #module::following(&self.#field, &self.#from, #decay, (#name, #of), moved)?
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
    let all = context.body(|| quote!(self.__follow(::core::option::Option::None)));
    quote! {
        #[allow(dead_code, deprecated, unused_variables)]
        #implementing #model {
            #[doc = #doc]
            ///
            /// # Panics
            ///
            /// If `try_update_averages` returns an error.
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
            ) -> ::core::result::Result<(), #runtime::DiagramError> #all

            fn __follow(
                &mut self,
                moved: ::core::option::Option<&#runtime::Moved>,
            ) -> #runtime::Checked<()> #body
        }
    }
}
