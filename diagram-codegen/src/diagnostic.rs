//! Faults at their places: collected over a whole run, reported together, in source order.

use std::collections::HashSet;

use diagram_core::{Code, Fault};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use crate::place::{Place, Placed};

/// What one run of the macro found. Faults stop code from being generated, warnings do not.
#[derive(Debug, Default)]
pub struct Diagnostics {
    faults: Vec<Placed>,
    warnings: Vec<Placed>,
}

impl Diagnostics {
    /// Records a fault at a place.
    pub fn fault(&mut self, place: Place, fault: Fault) {
        self.faults.push((place, fault));
    }

    /// Records something that is allowed and hardly meant.
    pub fn warning(&mut self, place: Place, warning: Fault) {
        self.warnings.push((place, warning));
    }

    /// Of the warnings after the first so many, which are of one place, those that advise the same become one.
    pub fn merge_warnings(&mut self, after: usize) {
        let mut said = HashSet::new();
        let mut merged = self.warnings.split_off(after.min(self.warnings.len()));
        merged.retain(|(_, warning)| {
            let advice = warning.help.as_ref().unwrap_or(&warning.message);
            said.insert((warning.code, advice.clone()))
        });
        self.warnings.append(&mut merged);
    }

    /// Whether nothing was found that stops code from being generated.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    /// The faults, in the order found.
    #[must_use]
    pub fn faults(&self) -> &[Placed] {
        &self.faults
    }

    /// The faults after the first so many, to say more of them.
    pub fn faults_after(&mut self, count: usize) -> &mut [Placed] {
        self.faults.get_mut(count..).unwrap_or_default()
    }

    /// The warnings, in the order found.
    #[must_use]
    pub fn warnings(&self) -> &[Placed] {
        &self.warnings
    }

    /// The codes of the faults, in the order found.
    #[must_use]
    pub fn codes(&self) -> Vec<Code> {
        self.faults.iter().map(|(_, fault)| fault.code).collect()
    }

    /// Records the fault of a result, and goes on without its value.
    pub fn take<T>(&mut self, result: Result<T, Placed>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err((place, fault)) => {
                self.fault(place, fault);
                None
            }
        }
    }

    /// What the compiler is to say: each fault an error and each warning a warning, at its place, in
    /// source order, which rustc keeps.
    #[must_use]
    pub fn to_tokens(&self) -> TokenStream {
        let errors = in_source_order(&self.faults).map(|(place, fault)| {
            let text = outdented(fault);
            // The first token's place is that of the path, the last token's that of the braces:
            // rustc underlines from the one to the other.
            let path = quote_spanned!(place.start=> ::core::compile_error!);
            let message = quote_spanned!(place.end=> { #text });
            quote!(#path #message)
        });
        // Stable Rust lets a macro warn only by using something deprecated.
        let warnings = in_source_order(&self.warnings).map(|(place, warning)| {
            let text = outdented(warning);
            let name = quote_spanned!(place.start=> diagram_warning);
            quote! {
                const _: () = {
                    #[allow(non_upper_case_globals)]
                    #[deprecated(note = #text)]
                    const diagram_warning: () = ();
                    #name
                };
            }
        });
        quote!(#(#errors)* #(#warnings)*)
    }
}

/// A fault as the text of a compiler message. rustc puts the further lines of a message under the end of
/// its `error: `, so they come that much less indented.
pub(crate) fn outdented(fault: &Fault) -> String {
    fault.to_string().replace("\n       ", "\n")
}

/// In the order in which they stand in the source; those found at one place, or in an editor that does
/// not tell places, in the order found.
fn in_source_order(found: &[Placed]) -> impl Iterator<Item = &Placed> {
    let mut sorted: Vec<_> = found.iter().collect();
    sorted.sort_by_key(|(place, _)| {
        let start = place.start.start();
        (start.line, start.column)
    });
    sorted.into_iter()
}
