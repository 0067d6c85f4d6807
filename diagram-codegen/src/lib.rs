//! From tokens to code: the pipelines behind `diagrammatic::diagram!` and `diagrammatic::signature`, as
//! a plain library, so that tests, snapshots, fuzzers and tools can call them.
//!
//! Data flows one way: tokens → [`syntax`] (the tree as written) → [`lower`] (names resolved, shapes
//! computed and checked: a [`diagram_core::Diagram`] with the code of its parts) → [`expand`](mod@expand) (items).
//! [`diagnostic::Diagnostics`] is threaded through, so that one run reports every fault.

mod alone;
pub mod arguments;
#[cfg(test)]
mod bench;
mod checked;
pub mod diagnostic;
pub mod expand;
mod idents;
pub mod lower;
pub mod place;
pub mod scope;
mod signature;
pub mod syntax;

pub use alone::alone;
pub use checked::{Checked, Found, Position, check};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::quote;

use diagnostic::Diagnostics;
use expand::Bodies;
use signature::{Meaning, Subject};

/// Expands `[facade] { diagrams }`: the path of the crate `diagrammatic` as the caller knows it, and
/// any number of diagrams.
///
/// Whatever the tokens, the result is a list of valid items, with a `compile_error!` at the place of
/// every fault; where there is one, the items' bodies are left out, so that no follow-up errors
/// drown it.
#[must_use]
pub fn expand(tokens: TokenStream) -> TokenStream {
    let (facade, input) = split(tokens);
    let mut diagnostics = Diagnostics::default();
    let trees = syntax::parse(input, &mut diagnostics);
    let mut items = TokenStream::new();
    let mut lowered = Vec::new();
    for tree in &trees {
        let conditions = lower::header::attributes::conditions(tree);
        if conditions.is_empty() || !diagnostics.is_clean() {
            let mut one = lower::lower(tree, &mut diagnostics);
            let modules = expand::modules(&mut one, &mut diagnostics);
            lowered.push((one, modules));
            continue;
        }
        // What is wrong with it is said where it is there.
        let mut own = Diagnostics::default();
        let mut lowered = lower::lower(tree, &mut own);
        let modules = expand::modules(&mut lowered, &mut own);
        let whole = expand::expand((&lowered, &modules), &facade, Bodies::of(&own));
        let said = own.to_tokens();
        items.extend(quote! {
            #(#conditions)*
            #facade::__private::items! { #whole #said }
        });
    }
    let bodies = Bodies::of(&diagnostics);
    items.extend(
        lowered
            .iter()
            .map(|(lowered, modules)| expand::expand((lowered, modules), &facade, bodies)),
    );
    items.extend(diagnostics.to_tokens());
    items
}

/// Expands `#[signature(arguments)]` above an `impl` or a method: the item, and with it a constant that
/// says what the method takes and gives, which the expansion of a diagram looks for.
///
/// Whatever the tokens, the item stays as it is, with a `compile_error!` at the place of every fault;
/// where there is one, there is no constant.
#[must_use]
pub fn signature(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut diagnostics = Diagnostics::default();
    let subject = diagnostics.take(Subject::of(&item));
    let tree = syntax::signature(arguments, &mut diagnostics);
    let meaning = tree
        .as_ref()
        .and_then(|tree| Meaning::of(tree, &mut diagnostics));
    let mut items = item;
    if let (Some(tree), Some(meaning), Some(subject)) = (&tree, &meaning, &subject) {
        let typed = signature::compare(subject, tree, meaning, &mut diagnostics);
        if diagnostics.is_clean() {
            let constant = signature::constant(subject, meaning, typed);
            items = signature::with(items, constant, subject);
        }
    }
    items.extend(diagnostics.to_tokens());
    items
}

/// The path of the facade, and what the user wrote.
fn split(tokens: TokenStream) -> (TokenStream, TokenStream) {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next(), trees.next()) {
        (Some(TokenTree::Group(facade)), Some(TokenTree::Group(input)), None)
            if facade.delimiter() == Delimiter::Bracket
                && syn::parse2::<syn::Path>(facade.stream()).is_ok() =>
        {
            (facade.stream(), input.stream())
        }
        // Called without the front macro, as tools may: the crate goes by its own name.
        _ => (quote!(::diagrammatic), tokens),
    }
}
