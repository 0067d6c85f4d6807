//! The procedural macros of `diagrammatic`, which is the crate to depend on. Everything is done in
//! `diagram-codegen`, where it can be tested.

use proc_macro::TokenStream;

/// Expands the diagrams of one `diagrammatic::diagram!`, which calls it with the path of its crate in
/// front: `[$crate] { … }`.
#[proc_macro]
pub fn resume(tokens: TokenStream) -> TokenStream {
    diagram_codegen::expand(tokens.into()).into()
}
