//! What is said of a diagram: faults and warnings, each once.

use std::collections::HashSet;

use diagram_core::{Code, Fault, Paths, check};
use proc_macro2::Ident;

use crate::diagnostic::Diagnostics;
use crate::place::Place;
use crate::syntax::tree::{self, bare};

/// Where faults and warnings go, and which of them are not said.
pub(in crate::lower) struct Reports<'d> {
    /// Its attributes silence warnings.
    pub(in crate::lower) tree: &'d tree::Diagram,
    pub(in crate::lower) diagnostics: &'d mut Diagnostics,
    /// Names that may be declared in what could not be read, or are declared by what is at fault: that
    /// they are missing is no fault of its own.
    pub(in crate::lower) lost: HashSet<String>,
    /// Whether something could not be read: what seems to be missing may stand there.
    pub(in crate::lower) unreadable: bool,
    /// What was said of a name that is declared nowhere: it is said once.
    pub(in crate::lower) said: HashSet<String>,
}

impl<'d> Reports<'d> {
    pub(in crate::lower) fn new(tree: &'d tree::Diagram, diagnostics: &'d mut Diagnostics) -> Self {
        Reports {
            tree,
            diagnostics,
            lost: tree.lost.clone(),
            unreadable: tree.items.iter().any(|item| !item.whole),
            said: HashSet::new(),
        }
    }

    pub(in crate::lower) fn fault(&mut self, place: Place, fault: Fault) {
        // A name that is declared nowhere is one fault, wherever it stands; one that is misspelt is one
        // at every place.
        let once = match fault.code {
            Code::UnknownDim | Code::UnknownHyper => true,
            Code::UnknownObject | Code::UnknownMorphism => fault.help.is_none(),
            _ => false,
        };
        if !once || self.said.insert(fault.message.clone()) {
            self.diagnostics.fault(place, fault);
        }
    }

    /// Records that a name is declared nowhere, unless it may be declared in what could not be read: it
    /// stands there, or no other name is near it.
    pub(in crate::lower) fn absent(&mut self, name: &Ident, fault: Fault) {
        let silent = self.lost.contains(&bare(name)) || self.unreadable && fault.help.is_none();
        if !silent {
            self.fault(name.span().into(), fault);
        }
    }

    /// Whether the paths can still be evaluated by code of a reasonable length; that they cannot is said once.
    pub(in crate::lower) fn stays_small(&mut self, paths: &Paths, place: Place) -> bool {
        let Err(fault) = check::stays_small(paths) else {
            return true;
        };
        if self.said.insert(fault.message.clone()) {
            let note = "powers and composites are unfolded, here the one that is too many";
            self.fault(place, fault.note(note));
        }
        false
    }
}
