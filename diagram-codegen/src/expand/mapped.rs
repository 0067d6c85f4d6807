//! A morphism of a diagram, with what the macro knows of it beside the diagram.

use std::rc::Rc;

use diagram_core::{Definition, Morphism, MorphismId, Range, Space};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::chain::Chain;
use super::generics::Generics;
use super::scalars::For;
use crate::lower::{Attributes, Body};

/// A morphism with its part.
pub(super) struct Mapped<'a> {
    pub(super) id: MorphismId,
    pub(super) morphism: &'a Morphism,
    pub(super) name: &'a Ident,
    pub(super) stem: &'a str,
    pub(super) attributes: &'a [Attributes<'a>],
    pub(super) known: bool,
    /// Of an average the body of what it averages, which has the same type.
    pub(super) body: &'a Body<'a>,
    /// What the name of that type ends in.
    pub(super) made_stem: &'a str,
    /// Its module, if it is made of layers.
    pub(super) chain: Option<Rc<Chain>>,
}

impl<'a> Mapped<'a> {
    /// Whether it has a field that training never changes.
    pub(super) fn is_frozen_field(&self) -> bool {
        self.has_field() && self.morphism.frozen
    }

    /// Whether it has a field of which training changes the adapters only.
    pub(super) fn is_adapted_field(&self) -> bool {
        self.has_field() && self.morphism.adapters.is_some()
    }

    /// Whether it has a field that is the average of another.
    pub(super) fn is_average_field(&self) -> bool {
        self.has_field() && self.morphism.average.is_some()
    }

    /// The private function of the configuration that says what adapters it has.
    pub(super) fn adapters_function(&self) -> Ident {
        format_ident!(
            "__adapters_{}",
            self.morphism.name,
            span = Span::call_site()
        )
    }

    /// The runtime's value of its adapters, where the configuration is `self`.
    pub(super) fn adapters(&self, context: &Context<'_>) -> TokenStream {
        let Some(adapters) = &self.morphism.adapters else {
            return TokenStream::new();
        };
        let (runtime, scope) = (&context.runtime, &context.lowered.scope);
        let (rank, quantized) = (scope.size_code(&adapters.rank), adapters.quantized);
        let scale = match &adapters.alpha {
            Some(alpha) => {
                let given = For {
                    argument: "alpha",
                    range: Range::POSITIVE,
                };
                let alpha = scope.scalar_code(alpha, &quote!(self), given);
                quote!(::core::option::Option::Some(#alpha))
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(#runtime::Adapters::new(#rank, #scale, #quantized))
    }

    /// The generics of that function.
    pub(super) fn adapters_generics(&self, context: &Context<'_>) -> Generics {
        context.generics.named_in(&self.adapters(context))
    }

    /// A call of it.
    pub(super) fn adapters_call(&self, context: &Context<'_>, config: &TokenStream) -> TokenStream {
        let (function, generics) = (self.adapters_function(), self.adapters_generics(context));
        let given = generics.turbofish();
        quote!(#config.#function #given())
    }

    /// The factors of its ends, where both are known.
    pub(super) fn ends(&self) -> Option<(&'a [Space], &'a [Space])> {
        let ends = (
            self.morphism.domain.as_slice(),
            self.morphism.codomain.as_slice(),
        );
        self.known.then_some(ends)
    }

    /// Whether the caller passes its module to `init`.
    pub(super) fn is_passed(&self) -> bool {
        self.passed().is_some()
    }

    /// The type of the module that the caller passes.
    pub(super) fn passed(&self) -> Option<TokenStream> {
        match self.body {
            _ if self.is_average_field() => None,
            Body::Module { ty, config: None } => Some(quote!(#ty)),
            Body::Slot { parameter, .. } => Some(quote!(#parameter)),
            _ => None,
        }
    }

    /// Whether the model has a field for it.
    pub(super) fn has_field(&self) -> bool {
        match self.body {
            Body::Layers => {
                let chain = self.chain.as_ref();
                chain.is_some_and(|chain| !chain.fields.is_empty())
            }
            Body::Module { .. } | Body::Slot { .. } | Body::Parameter | Body::Average { .. } => {
                true
            }
            Body::Method { .. } | Body::Function(_) | Body::Composite { .. } => false,
            // Drawn with layers that are at fault: most likely they have weights.
            Body::Unknown => !matches!(self.morphism.definition, Definition::Composite { .. }),
        }
    }

    /// The private function of the model that applies it unchecked.
    pub(super) fn function(&self) -> Ident {
        format_ident!("__apply_{}", self.morphism.name, span = Span::call_site())
    }

    /// The variable that holds it while the model is built.
    pub(super) fn built(&self) -> Ident {
        format_ident!("__{}", self.morphism.name, span = Span::call_site())
    }

    /// The private function of the configuration that builds it.
    pub(super) fn builder(&self) -> Ident {
        format_ident!("__init_{}", self.morphism.name, span = Span::call_site())
    }
}
