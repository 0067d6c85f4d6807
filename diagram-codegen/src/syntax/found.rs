//! What one reading finds besides the tree: its faults, which of them are said already, and the names in
//! what could not be read.

use std::cell::RefCell;
use std::collections::HashSet;

use diagram_core::Fault;
use syn::buffer::Cursor;

use super::tree::bare;
use crate::place::Place;

/// Shared by all readers of one run.
#[derive(Default)]
pub(super) struct Found {
    faults: RefCell<Vec<(Place, Fault)>>,
    said: RefCell<HashSet<String>>,
    lost: RefCell<HashSet<String>>,
    /// Whether it is a signature that is read, whose symbols are declared nowhere.
    pub(super) in_signature: bool,
}

impl Found {
    /// For the reading of a signature.
    pub(super) fn of_signature() -> Self {
        Found {
            in_signature: true,
            ..Found::default()
        }
    }

    /// Records a fault.
    pub(super) fn fault(&self, place: Place, fault: Fault) {
        self.faults.borrow_mut().push((place, fault));
    }

    /// Records a fault of a name, at its first use in a diagram only: one name is one fault.
    pub(super) fn once(&self, name: &str, place: Place, fault: Fault) {
        if self.said.borrow_mut().insert(name.to_owned()) {
            self.fault(place, fault);
        }
    }

    /// Whether a fault of this name is recorded.
    pub(super) fn is_said(&self, name: &str) -> bool {
        self.said.borrow().contains(name)
    }

    /// Remembers the names between two places of what could not be read: they may be declared there.
    pub(super) fn lose(&self, mut cursor: Cursor<'_>, end: Cursor<'_>) {
        let mut lost = self.lost.borrow_mut();
        while cursor != end
            && let Some((_, rest)) = cursor.token_tree()
        {
            if let Some((ident, _)) = cursor.ident() {
                lost.insert(bare(&ident));
            }
            cursor = rest;
        }
    }

    /// At the end of a diagram: the names in what could not be read.
    pub(super) fn end_of_diagram(&self) -> HashSet<String> {
        self.said.borrow_mut().clear();
        self.lost.take()
    }

    /// The faults, in source order.
    pub(super) fn into_faults(self) -> Vec<(Place, Fault)> {
        self.faults.into_inner()
    }
}
