//! `#[signature]`: what a method of a user's module takes and gives, as a constant of the module's type.
//!
//! The constant is made of plain Rust values, because an attribute does not know the path of the crate that
//! it comes from. The expansion of a diagram reads it, or that there is none (`expand/signature.rs`).

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use crate::syntax::tree::bare;

pub(crate) mod code;
mod meaning;
mod subject;
mod types;

pub(crate) use meaning::Meaning;
pub(crate) use subject::Subject;
pub(crate) use types::compare;

/// The constant that holds the signature of a method.
pub(crate) fn name(method: &Ident) -> Ident {
    format_ident!("__signature_{}", bare(method), span = Span::call_site())
}

/// The constant of a method; `typed` where ranks and kinds were compared with all of its Rust types. Its
/// type is `Option<Stated>` of the runtime.
pub(crate) fn constant(subject: &Subject, meaning: &Meaning, typed: bool) -> TokenStream {
    let visibility = &subject.visibility;
    let name = if subject.is_map() {
        format_ident!("SIGNATURE", span = Span::call_site())
    } else {
        name(&subject.signature.ident)
    };
    let (text, symbols) = (code::text(&meaning.ends), &meaning.symbols);
    let [domain, codomain] = meaning
        .ends
        .each_ref()
        .map(|shapes| code::factors(shapes, &|symbol| meaning.leaf(symbol)));
    quote! {
        #[doc(hidden)]
        #[allow(dead_code, non_upper_case_globals, unreachable_pub, clippy::type_complexity)]
        #visibility const #name: ::core::option::Option<(
            bool,
            &'static str,
            &'static [&'static str],
            [&'static [(char, &'static [(&'static str, &'static [(char, usize)])])]; 2],
        )> = ::core::option::Option::Some((#typed, #text, &[#(#symbols),*], [#domain, #codomain]));
    }
}

/// An item with a constant: inside an `impl`, beside a method.
pub(crate) fn with(item: TokenStream, constant: TokenStream, subject: &Subject) -> TokenStream {
    let mut trees: Vec<TokenTree> = item.into_iter().collect();
    match trees.last_mut() {
        Some(TokenTree::Group(body)) if subject.is_impl() => {
            let mut items = body.stream();
            items.extend(constant);
            let mut whole = Group::new(Delimiter::Brace, items);
            whole.set_span(body.span());
            *body = whole;
            trees.into_iter().collect()
        }
        _ => trees.into_iter().chain(constant).collect(),
    }
}
