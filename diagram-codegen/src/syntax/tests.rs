//! Messages by exact text and place, recovery, printing and bounds.

mod messages;
mod trees;

use diagram_core::Fault;
use proc_macro2::TokenStream;

use super::tree::{Diagram, ItemKind};
use crate::diagnostic::Diagnostics;

fn read(tokens: TokenStream) -> (Vec<Diagram>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let diagrams = super::parse(tokens, &mut diagnostics);
    (diagrams, diagnostics)
}

fn tokens(text: &str) -> TokenStream {
    text.parse().unwrap()
}

/// The faults of a text: what is underlined, then the message.
fn faults(text: &str) -> Vec<(String, Fault)> {
    let (_, diagnostics) = read(tokens(text));
    let lines: Vec<&str> = text.lines().collect();
    let shown = diagnostics.faults().iter().map(|(place, fault)| {
        let (start, end) = (place.start.start(), place.end.end());
        assert_eq!(start.line, end.line, "{fault}");
        let line: String = lines[start.line - 1]
            .chars()
            .take(end.column)
            .skip(start.column)
            .collect();
        (format!("{}: {line}", start.line), fault.clone())
    });
    shown.collect()
}

fn items(text: &str) -> Vec<ItemKind> {
    let (mut diagrams, diagnostics) = read(tokens(&format!("D {{ {text} }}")));
    assert!(diagnostics.is_clean(), "{:?}", diagnostics.faults());
    diagrams
        .remove(0)
        .items
        .into_iter()
        .map(|item| item.kind)
        .collect()
}
