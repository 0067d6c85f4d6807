//! Functions and closures as morphisms.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;

use super::Context;
use crate::idents::{called, field_ident};
use crate::lower::Function;
use crate::scope::mentions;
use crate::syntax::tree::bare;
use diagram_core::HyperType;

/// A function on variables of these names and types, and the place where rustc is to say what is wrong with
/// it.
pub(super) fn applied(
    context: &Context<'_>,
    function: &Function<'_>,
    names: &[Ident],
    inputs: &[TokenStream],
    output: &TokenStream,
) -> (Span, TokenStream) {
    match function {
        Function::Named(path) => {
            let place = path.span().resolved_at(Span::call_site());
            let (function, given) = (called(&path.to_token_stream()), spanned(names, place));
            (place, quote_spanned!(place=> #function(#(#given),*)))
        }
        Function::Closure(closure) => {
            let place = closure.span().resolved_at(Span::call_site());
            let hypers = hypers(context, closure);
            let call = quote_spanned!(place=> __drawn(#closure)(#(#names),*));
            // The types of its arguments are known before its body is read.
            let applied = quote! {{
                fn __drawn<F: ::core::ops::FnOnce(#(#inputs),*) -> #output>(closure: F) -> F {
                    closure
                }
                #hypers
                #call
            }};
            (place, applied)
        }
    }
}

/// The hyper-parameters that a closure names, as variables. They are the caller's own names, which no
/// other name in the generated code is.
fn hypers(context: &Context<'_>, closure: &syn::ExprClosure) -> TokenStream {
    let closure = closure.to_token_stream();
    let declared = context.lowered.tree.hypers.iter();
    let read = declared.filter(|hyper| mentions(closure.clone(), &bare(&hyper.name)));
    read.filter_map(|hyper| {
        let (name, scope) = (&hyper.name, &context.lowered.scope);
        let scoped = scope.hyper(&bare(name))?;
        let field = field_ident(&scoped.name);
        let holder = if scoped.ty == HyperType::Float {
            quote!(self.hyper)
        } else {
            quote!(self.config)
        };
        Some(quote!(let #name = ::core::clone::Clone::clone(&#holder.#field);))
    })
    .collect()
}

/// The same names at a place.
pub(super) fn spanned(names: &[Ident], place: Span) -> Vec<Ident> {
    let at_place = |name: &Ident| Ident::new(&name.to_string(), place);
    names.iter().map(at_place).collect()
}
