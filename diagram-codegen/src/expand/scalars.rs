//! The Rust expressions of numbers, switches and classes.

use std::ops::Bound;

use diagram_core::{Class, Code, Flag, Range, Scalar, Snippet};
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use crate::idents::{field_ident, located};
use crate::scope::Scope;

/// The argument that a number is given for.
#[derive(Clone, Copy)]
pub(crate) struct For<'a> {
    /// Its name.
    pub(crate) argument: &'a str,
    /// What the number may be.
    pub(crate) range: Range,
}

/// The variable that holds the value of a learned argument in the code of a loss.
pub(crate) fn learned_variable(argument: &str) -> Ident {
    format_ident!("learned_{argument}", span = Span::call_site())
}

/// A switch, where hyper-parameters are fields of `hypers`.
pub(crate) fn flag_code(flag: &Flag, hypers: &TokenStream) -> TokenStream {
    match flag {
        Flag::Literal(on) => quote!(#on),
        Flag::Hyper(name) => {
            let field = field_ident(name);
            quote!(#hypers.#field)
        }
    }
}

impl Scope {
    /// The tokens of a piece of Rust.
    pub(crate) fn tokens(&self, snippet: &Snippet) -> TokenStream {
        let snippets = self.snippets.borrow();
        let tokens = snippet.id.and_then(|id| snippets.get(id)).cloned();
        tokens.unwrap_or_default()
    }

    /// A number that is given for an argument, where hyper-parameters are fields of `hypers`.
    pub(crate) fn scalar_code(
        &self,
        scalar: &Scalar,
        hypers: &TokenStream,
        given: For<'_>,
    ) -> TokenStream {
        match scalar {
            Scalar::Number(number) => number.get().to_token_stream(),
            Scalar::Hyper(name) => {
                let field = field_ident(name);
                quote!(#hypers.#field)
            }
            // rustc knows its value: what it says of a wrong one is made here.
            // error: evaluation panicked: `prob` must be at least 0 and less than 1 [D0312]
            Scalar::Constant(path) => {
                let path = self.tokens(path);
                let For { argument, range } = given;
                let message = format!("`{argument}` must be {range} [{}]", Code::ArgumentRange);
                let holds = holds(range, &path);
                quote_spanned!(path.span()=> {
                    const _: () = ::core::assert!(#holds, #message);
                    #path
                })
            }
            Scalar::Learned(_) | Scalar::LearnedFrom(_) => {
                learned_variable(given.argument).into_token_stream()
            }
        }
    }

    /// A class, of type `i64`.
    pub(crate) fn class_code(&self, class: &Class, runtime: &TokenStream) -> TokenStream {
        match class {
            Class::Number(value) => Literal::i64_unsuffixed(*value).to_token_stream(),
            Class::Constant(path) => {
                let path = self.tokens(path);
                // Where its type is none that a class has, rustc says so here.
                let class = located(&quote!(#runtime::Class::class), path.span());
                quote_spanned!(path.span()=> #class(#path))
            }
        }
    }
}

/// Whether a constant is in a range, as an expression.
fn holds(range: Range, path: &TokenStream) -> TokenStream {
    let end = |end: Bound<i32>, including: TokenStream, excluding: TokenStream| {
        let (sign, end) = match end {
            Bound::Included(end) => (including, end),
            Bound::Excluded(end) => (excluding, end),
            Bound::Unbounded => return None,
        };
        let end = Literal::f64_suffixed(f64::from(end));
        Some(quote!(&& #path #sign #end))
    };
    let (low, high) = (
        end(range.low, quote!(>=), quote!(>)),
        end(range.high, quote!(<=), quote!(<)),
    );
    let zero = range.without_zero.then(|| quote!(&& #path != 0f64));
    quote!(::core::primitive::f64::is_finite(#path) #low #high #zero)
}
