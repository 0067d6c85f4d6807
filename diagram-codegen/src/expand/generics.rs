//! The generic parameters of a diagram, where generated items need them: the model has all of them, what
//! is not part of it those that it names, and the configuration none.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, TypeParamBound};

use super::{Context, slots};
use crate::lower::{Body, Lowered};
use crate::scope::mentions;
use crate::syntax::tree::bare;

/// Generic parameters, in order.
#[derive(Clone)]
pub(super) struct Generics {
    parameters: Vec<Parameter>,
}

#[derive(Clone)]
struct Parameter {
    /// As the model declares it.
    declared: GenericParam,
    /// Without its default.
    plain: GenericParam,
    /// With what Burn asks of a type in a module.
    module: GenericParam,
    /// With what generated code needs of it.
    bounded: GenericParam,
}

impl Generics {
    /// Those of a diagram: as they are written, then one for each slot without a name of its own.
    pub(super) fn of(lowered: &Lowered<'_>, runtime: &TokenStream) -> Self {
        let written = lowered.tree.generics.0.params.iter().cloned();
        // No model borrows.
        let written = written.filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)));
        let slots = lowered
            .morphisms
            .iter()
            .filter_map(|part| match &part.body {
                Body::Slot {
                    parameter,
                    own: true,
                } => Some(GenericParam::Type(parameter.clone().into())),
                _ => None,
            });
        let slots: Vec<GenericParam> = slots.collect();
        // No default may stand before what has none.
        let defaults = slots.is_empty();
        let parameters = written
            .chain(slots)
            .map(|written| Parameter::new(written, defaults, lowered, runtime));
        Generics {
            parameters: parameters.collect(),
        }
    }

    /// Those that some code names.
    pub(super) fn named_in(&self, code: &TokenStream) -> Self {
        let named = |parameter: &&Parameter| mentions(code.clone(), &bare(parameter.name()));
        Generics {
            parameters: self.parameters.iter().filter(named).cloned().collect(),
        }
    }

    /// The types among them that some code does not name.
    pub(super) fn types_beside(&self, code: &TokenStream) -> Vec<&Ident> {
        let types = self
            .parameters
            .iter()
            .filter_map(|parameter| match &parameter.declared {
                GenericParam::Type(parameter) => Some(&parameter.ident),
                GenericParam::Const(_) | GenericParam::Lifetime(_) => None,
            });
        types
            .filter(|name| !mentions(code.clone(), &bare(name)))
            .collect()
    }

    /// As a type declares them: `<const CLASSES: usize, Trunk>`.
    pub(super) fn declared(&self) -> TokenStream {
        angled(self.parameters.iter().map(|parameter| &parameter.declared))
    }

    /// As they stand after `impl`, or after the name of a function.
    pub(super) fn bounded(&self) -> TokenStream {
        let bounded = self.parameters.iter().map(|parameter| &parameter.bounded);
        angled(bounded)
    }

    /// As the caller's modules declare them: what is named `inside` other types is asked to be a module.
    pub(super) fn of_modules(&self, inside: &TokenStream) -> TokenStream {
        let declared = self.parameters.iter().map(|parameter| {
            if mentions(inside.clone(), &bare(parameter.name())) {
                &parameter.module
            } else {
                &parameter.plain
            }
        });
        angled(declared)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// As they are given to a type: `<CLASSES, Trunk>`.
    pub(super) fn given(&self) -> TokenStream {
        angled(self.parameters.iter().map(Parameter::name))
    }

    /// As they are given in an expression: `::<CLASSES, Trunk>`.
    pub(super) fn turbofish(&self) -> TokenStream {
        let given = self.given();
        if given.is_empty() {
            given
        } else {
            quote!(::#given)
        }
    }
}

impl Parameter {
    fn new(
        written: GenericParam,
        defaults: bool,
        lowered: &Lowered<'_>,
        runtime: &TokenStream,
    ) -> Self {
        let plain = without_default(written.clone());
        let (mut module, mut bounded) = (plain.clone(), plain.clone());
        if let (GenericParam::Type(module), GenericParam::Type(bounded)) =
            (&mut module, &mut bounded)
        {
            // What Burn's derive asks of every type in a module, and its learner of a model.
            let burn: [TypeParamBound; 3] = [
                syn::parse_quote!(#runtime::burn::module::Module),
                syn::parse_quote!(#runtime::burn::module::ModuleDisplay),
                syn::parse_quote!('static),
            ];
            let slots: Vec<TypeParamBound> = slots::traits(lowered, &bounded.ident)
                .map(|slot| syn::parse_quote!(#slot))
                .collect();
            module.bounds.extend(burn.clone());
            // A slot asks for all of that in its own words.
            if slots.is_empty() {
                bounded.bounds.extend(burn);
            } else {
                bounded.bounds.extend(slots);
            }
        }
        Parameter {
            declared: if defaults { written } else { plain.clone() },
            plain,
            module,
            bounded,
        }
    }

    fn name(&self) -> &Ident {
        match &self.declared {
            GenericParam::Type(parameter) => &parameter.ident,
            GenericParam::Const(parameter) => &parameter.ident,
            GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        }
    }
}

fn without_default(mut parameter: GenericParam) -> GenericParam {
    match &mut parameter {
        GenericParam::Type(parameter) => parameter.default = None,
        GenericParam::Const(parameter) => parameter.default = None,
        GenericParam::Lifetime(_) => {}
    }
    parameter
}

fn angled(parameters: impl Iterator<Item = impl ToTokens>) -> TokenStream {
    let parameters: Vec<_> = parameters.collect();
    if parameters.is_empty() {
        TokenStream::new()
    } else {
        quote!(<#(#parameters),*>)
    }
}

impl Context<'_> {
    /// The model's type, with its generics: `Classifier<CLASSES, Trunk>`.
    pub(super) fn model_type(&self) -> TokenStream {
        let (model, given) = (self.model(), self.generics.given());
        quote!(#model #given)
    }

    /// `impl … for …`, without what stands between the two and behind.
    pub(super) fn implementing(&self) -> TokenStream {
        let generics = self.generics.bounded();
        quote!(impl #generics)
    }

    /// The values of hyper-parameters and constants, in a function that knows the generics.
    pub(super) fn sizes_of(&self, config: &TokenStream) -> TokenStream {
        let generics = self.sizing.turbofish();
        quote!(#config.__sizes #generics ())
    }
}
