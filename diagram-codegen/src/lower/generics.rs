//! The generics of a diagram: const generics are dims, types stand in definitions.

use diagram_core::{Code, Fault};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use super::names::Entity;
use super::scope::{ScopedGeneric, mentions};
use super::{Body, Lowering};
use crate::syntax::tree::{Rust, bare};

impl Lowering<'_, '_> {
    /// Const generics are dims; a type has a namespace of its own.
    pub(super) fn generics(&mut self) {
        for parameter in &self.tree.generics.0.params {
            let (name, ty) = match parameter {
                syn::GenericParam::Const(parameter) => {
                    self.declare(&parameter.ident, Entity::Constant);
                    let ty = Rust(parameter.ty.clone());
                    (&parameter.ident, Some(ty.text()))
                }
                syn::GenericParam::Type(parameter) => (&parameter.ident, None),
                // error: a diagram has no lifetimes: a model owns what it is made of [D0001]
                syn::GenericParam::Lifetime(parameter) => {
                    let message = "a diagram has no lifetimes: a model owns what it is made of";
                    let fault = Fault::new(Code::UnexpectedToken, message);
                    self.fault(parameter.lifetime.apostrophe.into(), fault);
                    continue;
                }
            };
            self.scope.generics.push(ScopedGeneric {
                name: bare(name),
                ty,
            });
            self.diagram.generics.push(Rust(parameter.clone()).text());
        }
    }

    /// Every type parameter is a part of what the model is made of.
    pub(super) fn types_are_named(&mut self) {
        if !self.diagnostics.is_clean() {
            return;
        }
        let named: Vec<TokenStream> = self
            .morphisms
            .iter()
            .filter_map(|part| match &part.body {
                Body::Module { ty, .. } => Some(ty.to_token_stream()),
                _ => None,
            })
            .collect();
        let named = quote!(#(#named)*);
        let unnamed = self.tree.generics.0.type_params();
        let unnamed = unnamed.filter(|one| !mentions(named.clone(), &one.ident.to_string()));
        let unnamed: Vec<&Ident> = unnamed.map(|parameter| &parameter.ident).collect();
        for name in unnamed {
            // error: no morphism of `Classifier` is of the type `Trunk` [D0116]
            let message = format!(
                "no morphism of `{}` is of the type `{name}`",
                self.diagram.name
            );
            let help = format!("define one by it, `trunk = {name};`, or leave it out");
            let fault = Fault::new(Code::UnnamedType, message).help(help);
            self.fault(name.span().into(), fault);
        }
    }
}
