//! The generic parameters of a diagram, where generated items need them: the model has all of them, what
//! is not part of it those that it names, and the configuration none.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{GenericParam, TypeParamBound};

use super::{Context, constants};
use crate::lower::scope::mentions;

/// Generic parameters, in order.
#[derive(Clone)]
pub(super) struct Generics {
    parameters: Vec<Parameter>,
}

#[derive(Clone)]
struct Parameter {
    /// As it is declared.
    written: GenericParam,
    /// Without its default, with what generated code needs of it.
    bounded: GenericParam,
}

impl Generics {
    /// Those of a diagram.
    pub(super) fn of(tree: &crate::syntax::tree::Diagram, runtime: &TokenStream) -> Self {
        let written = tree.generics.0.params.iter();
        // No model borrows.
        let written = written.filter(|parameter| !matches!(parameter, GenericParam::Lifetime(_)));
        let parameters = written.map(|written| {
            let mut bounded = written.clone();
            match &mut bounded {
                GenericParam::Type(parameter) => {
                    parameter.default = None;
                    // What Burn's derive asks of every type in a module, and its learner of a model.
                    let module: [TypeParamBound; 3] = [
                        syn::parse_quote!(#runtime::burn::module::Module),
                        syn::parse_quote!(#runtime::burn::module::ModuleDisplay),
                        syn::parse_quote!('static),
                    ];
                    parameter.bounds.extend(module);
                }
                GenericParam::Const(parameter) => parameter.default = None,
                GenericParam::Lifetime(_) => {}
            }
            let written = written.clone();
            Parameter { written, bounded }
        });
        Generics {
            parameters: parameters.collect(),
        }
    }

    /// Those that some code names.
    pub(super) fn named_in(&self, code: &TokenStream) -> Self {
        let named = |parameter: &&Parameter| mentions(code.clone(), &parameter.name().to_string());
        Generics {
            parameters: self.parameters.iter().filter(named).cloned().collect(),
        }
    }

    /// The types among them that some code does not name.
    pub(super) fn types_beside(&self, code: &TokenStream) -> Vec<&Ident> {
        let types = self
            .parameters
            .iter()
            .filter_map(|parameter| match &parameter.written {
                GenericParam::Type(parameter) => Some(&parameter.ident),
                GenericParam::Const(_) | GenericParam::Lifetime(_) => None,
            });
        types
            .filter(|name| !mentions(code.clone(), &name.to_string()))
            .collect()
    }

    /// As a type declares them: `<const CLASSES: usize, Trunk>`.
    pub(super) fn declared(&self) -> TokenStream {
        let written = self.parameters.iter().map(|parameter| &parameter.written);
        angled(written)
    }

    /// As they stand after `impl`, or after the name of a function.
    pub(super) fn bounded(&self) -> TokenStream {
        let bounded = self.parameters.iter().map(|parameter| &parameter.bounded);
        angled(bounded)
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
    fn name(&self) -> &Ident {
        match &self.written {
            GenericParam::Type(parameter) => &parameter.ident,
            GenericParam::Const(parameter) => &parameter.ident,
            GenericParam::Lifetime(parameter) => &parameter.lifetime.ident,
        }
    }
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

    /// Those that the values of constants depend on.
    pub(super) fn sizing(&self) -> Generics {
        let sizes = constants::sizes(self, &quote!(Self), true);
        self.generics.named_in(&quote!(#(#sizes)*))
    }

    /// The values of hyper-parameters and constants, in a function that knows the generics.
    pub(super) fn sizes_of(&self, config: &TokenStream) -> TokenStream {
        let generics = self.sizing().turbofish();
        quote!(#config.__sizes #generics ())
    }
}
