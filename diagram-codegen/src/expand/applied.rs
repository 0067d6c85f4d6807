//! The code of one application of a morphism.

use diagram_core::{Binding, Dim, MorphismId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::Context;
use crate::expand::sizes::size_code_by;
use crate::lower::Body;

/// A morphism on its arguments.
pub(super) struct Applied {
    code: TokenStream,
    /// Whether the code is a `Result`.
    fallible: bool,
    /// Whether the values of its dims must be in scope.
    pub(super) sized: bool,
}

impl Applied {
    /// `sizes` are the values of the morphism's dims.
    pub(super) fn new(
        context: &Context<'_>,
        model: &TokenStream,
        id: MorphismId,
        arguments: &[TokenStream],
        sizes: &TokenStream,
    ) -> Self {
        let mapped = context.mapped(id);
        let (name, function) = (mapped.name, mapped.function());
        let (code, fallible, needed) = match mapped.body {
            Body::Module { .. }
            | Body::Slot { .. }
            | Body::Method { .. }
            | Body::Function(_)
            | Body::Composite { .. } => {
                let code = quote!(#model.#function(#sizes #(, #arguments)*));
                (code, true, true)
            }
            Body::Parameter => (quote!(#model.#name.val()), false, false),
            Body::Layers => {
                let chain = mapped.chain.as_deref();
                let reads = chain.map_or(&[][..], |chain| &chain.reads);
                let reads = reads.iter().map(|name| quote!(#sizes.size(#name)));
                let arguments = arguments.iter().cloned().chain(reads.clone());
                let code = if mapped.has_field() {
                    quote!(#model.#name.forward(#(#arguments),*))
                } else {
                    quote!(Self::#function(#(#arguments),*))
                };
                (code, false, reads.len() > 0)
            }
            Body::Average { .. } | Body::Unknown => {
                (quote!(#model.#name.forward(#(#arguments),*)), false, false)
            }
        };
        Applied {
            code,
            fallible,
            sized: needed,
        }
    }

    /// Its value, in a function that may return a `DiagramError`.
    pub(super) fn value(&self) -> TokenStream {
        let code = &self.code;
        if self.fallible {
            quote!(#code?)
        } else {
            code.clone()
        }
    }

    /// Its value by `__sizes`, whose `Result` is `checked`; either error is a panic.
    pub(super) fn checked(&self, runtime: &TokenStream, checked: &TokenStream) -> TokenStream {
        let code = &self.code;
        if self.fallible {
            quote!(#runtime::or_panic(#checked.and_then(|__sizes| { let __sizes = &__sizes; #code })))
        } else if self.sized {
            quote!(let __sizes = &#runtime::or_panic(#checked); #code)
        } else {
            quote!(#runtime::or_panic(#checked); #code)
        }
    }
}

/// The statement that gives a morphism's dims their values in one application, if they are not those
/// of the call, as the variable `to`; the sizes of its layers are checked with them.
pub(super) fn rebind(
    context: &Context<'_>,
    id: MorphismId,
    binding: &Binding,
    to: &Ident,
) -> Option<TokenStream> {
    if !relies_on(context, id, binding) {
        return None;
    }
    let (runtime, number) = (&context.runtime, id.0);
    let values = binding.values().iter().map(|(name, dim)| {
        let value = size_code_by(dim, &|name| quote!(sizes.size(#name)));
        quote!((#name, #value))
    });
    Some(quote! {
        let #to = &#runtime::rebind(
            Self::diagram(),
            #number,
            sizes,
            &[#(#values),*],
        )?;
    })
}

/// Whether what a morphism's dims stand for matters when it is applied: to what it is checked by, or to
/// its code.
fn relies_on(context: &Context<'_>, id: MorphismId, binding: &Binding) -> bool {
    let bound = |dim: &Dim| dim.symbols().iter().any(|name| binding.get(name).is_some());
    if binding.is_identity() {
        return false;
    }
    match context.mapped(id).chain {
        Some(chain) if chain.reads.is_empty() => {
            let diagram = context.diagram();
            let mut facts = diagram.facts.given().iter();
            let mut computed = diagram.computed(id).into_iter();
            facts.any(|fact| bound(&fact.left) || bound(&fact.right))
                || computed.any(|dim| bound(&dim))
        }
        _ => true,
    }
}
