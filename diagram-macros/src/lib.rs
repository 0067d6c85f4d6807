//! The procedural macros of `diagrammatic`, which is the crate to depend on. Everything is done in
//! `diagram-codegen`, where it can be tested.

use proc_macro::TokenStream;

#[expect(
    missing_docs,
    reason = "its documentation stands where it is re-exported"
)]
#[proc_macro_attribute]
pub fn signature(arguments: TokenStream, item: TokenStream) -> TokenStream {
    diagram_codegen::signature(arguments.into(), item.into()).into()
}

/// Expands the diagrams of one `diagrammatic::diagram!`, which calls it with the path of its crate in
/// front: `[$crate] { … }`.
#[proc_macro]
pub fn resume(tokens: TokenStream) -> TokenStream {
    diagram_codegen::expand(tokens.into()).into()
}
