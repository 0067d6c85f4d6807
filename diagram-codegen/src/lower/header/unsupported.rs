//! What the language has and this version gives no meaning yet: a fault at its own token.

use diagram_core::{Code, Fault};

use crate::lower::reports::Reports;
use crate::place::Place;
use crate::syntax::tree::ItemKind;

// error: `include` is not supported yet [D0900]
/// The fault of a part of the language that has no meaning yet.
pub(in crate::lower) fn not_yet(what: &str) -> Fault {
    Fault::new(Code::NotYet, format!("{what} is not supported yet"))
}

impl Reports<'_> {
    /// Faults of whole items; smaller parts are met where they are lowered.
    pub(in crate::lower) fn unsupported(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            // The item's first token is the word that names it.
            let word = Place::of(item.place.start);
            match &item.kind {
                ItemKind::Objective { .. } => self.fault(word, not_yet("`objective`")),
                ItemKind::Include { .. } => self.fault(word, not_yet("`include`")),
                _ => {}
            }
        }
    }
}
