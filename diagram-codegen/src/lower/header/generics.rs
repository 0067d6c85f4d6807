//! The generics of a diagram: const generics are dims, types stand in definitions.

use diagram_core::{Code, Definition, Diagram, Fault, Generic, GenericKind, MorphismId};
use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;

use crate::idents::field_ident;
use crate::idents::variant;
use crate::lower::header::names::{Entity, Names, is_kept};
use crate::lower::output::{Body, Output};
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::scope::mentions;
use crate::syntax::tree::{self, Rust, bare};

/// Const generics are dims; a type has a namespace of its own.
pub(in crate::lower) fn generics(
    tree: &tree::Diagram,
    names: &mut Names,
    rules: &mut Rules<'_>,
    diagram: &mut Diagram,
) {
    for parameter in &tree.generics.0.params {
        let generic = match parameter {
            syn::GenericParam::Const(parameter) => {
                names.declare(&parameter.ident, Entity::Constant, &mut rules.reports);
                let default = parameter.default.as_ref();
                Generic {
                    name: bare(&parameter.ident),
                    kind: GenericKind::Constant(Rust(&parameter.ty).text().into()),
                    default: default.map(|(_, default)| Rust(default).text().into()),
                }
            }
            syn::GenericParam::Type(parameter) => {
                is_kept(&parameter.ident, &mut rules.reports);
                let bounds = Some(&parameter.bounds).filter(|bounds| !bounds.is_empty());
                let default = parameter.default.as_ref();
                Generic {
                    name: bare(&parameter.ident),
                    kind: GenericKind::Type(bounds.map(|bounds| Rust(bounds).text().into())),
                    default: default.map(|(_, default)| Rust(default).text().into()),
                }
            }
            // error: a diagram has no lifetimes: a model owns what it is made of [D0001]
            syn::GenericParam::Lifetime(parameter) => {
                let message = "a diagram has no lifetimes: a model owns what it is made of";
                let fault = Fault::new(Code::UnexpectedToken, message);
                rules.fault(parameter.lifetime.apostrophe.into(), fault);
                continue;
            }
        };
        rules.scope.generics.push(generic.clone());
        diagram.generics.push(generic);
    }
}

/// The type parameter that a type is, by itself.
pub(in crate::lower) fn type_parameter(tree: &tree::Diagram, ty: &syn::Type) -> Option<Ident> {
    let syn::Type::Path(syn::TypePath {
        qself: None, path, ..
    }) = ty
    else {
        return None;
    };
    let name = path.get_ident()?;
    let mut types = tree.generics.0.type_params();
    types
        .any(|parameter| parameter.ident == *name)
        .then(|| name.clone())
}

impl Output<'_> {
    /// A morphism that any module with the right map can be. Without a type of the header, it has a type
    /// parameter of its own, of its name in upper camel case.
    pub(in crate::lower) fn slot(&mut self, id: MorphismId, written: Option<Ident>) {
        let name = self.diagram.morphism(id).name.clone();
        let part = self.part(id);
        let own = written.is_none();
        let parameter = written.unwrap_or_else(|| {
            let mut parameter = field_ident(variant(&part.stem, &name));
            parameter.set_span(part.name.span());
            parameter
        });
        let type_name = bare(&parameter);
        let module = Definition::Module {
            ty: type_name.into(),
            config: None,
        };
        self.define(id, module, Body::Slot { parameter, own });
    }
}

/// The type parameters of slots come after those of the header, in the order of the arrows, and hide no type
/// of the user's.
pub(in crate::lower) fn slots(output: &mut Output<'_>, rules: &mut Rules<'_>) {
    let mut faults = Vec::new();
    for slot in &output.morphisms {
        let Body::Slot {
            parameter,
            own: true,
        } = &slot.body
        else {
            continue;
        };
        let generic = Generic::unbounded(bare(parameter));
        output.diagram.generics.push(generic);
        for part in &output.morphisms {
            let Body::Module { ty, config } = &part.body else {
                continue;
            };
            let named = [ty.to_token_stream(), config.to_token_stream()];
            if !named
                .into_iter()
                .any(|tokens| mentions(tokens, &bare(parameter)))
            {
                continue;
            }
            let (slot, name) = (bare(slot.name), bare(parameter));
            // error: `Teacher` in `student` would be the type parameter of the slot `teacher` [D0115]
            let message = format!(
                "`{name}` in `{}` would be the type parameter of the slot `{slot}`",
                bare(part.name)
            );
            let fault = Fault::new(Code::EqualTypes, message)
                .note("it is named after the slot, in upper camel case")
                .help("rename the slot or the type");
            faults.push((Place::of(ty.span()), fault));
        }
    }
    for (place, fault) in faults {
        rules.fault(place, fault);
    }
}

/// Every type parameter is a part of what the model is made of.
pub(in crate::lower) fn types_are_named(
    tree: &tree::Diagram,
    output: &Output<'_>,
    rules: &mut Rules<'_>,
) {
    if !rules.reports.diagnostics.is_clean() {
        return;
    }
    let named: Vec<TokenStream> = output
        .morphisms
        .iter()
        .filter_map(|part| match &part.body {
            Body::Module { ty, .. } => Some(ty.to_token_stream()),
            Body::Slot { parameter, .. } => Some(parameter.to_token_stream()),
            _ => None,
        })
        .collect();
    let unnamed = tree.generics.0.type_params();
    let unnamed = unnamed.filter(|one| {
        let name = bare(&one.ident);
        !named.iter().any(|tokens| mentions(tokens.clone(), &name))
    });
    let unnamed: Vec<&Ident> = unnamed.map(|parameter| &parameter.ident).collect();
    for name in unnamed {
        // error: no morphism of `Classifier` is of the type `Trunk` [D0116]
        let message = format!(
            "no morphism of `{}` is of the type `{name}`",
            output.diagram.name
        );
        let help = format!("define one by it, `trunk = {name};`, or leave it out");
        let fault = Fault::new(Code::UnnamedType, message).help(help);
        rules.fault(name.span().into(), fault);
    }
}
