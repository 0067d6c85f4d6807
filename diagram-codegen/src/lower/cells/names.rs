//! The names of cells.

use std::collections::HashMap;

use diagram_core::{Code, Fault, check};
use proc_macro2::Ident;

use crate::lower::header::names::is_kept;
use crate::lower::reports::Reports;
use crate::place::Place;
use crate::syntax::tree::bare;

/// Where each cell is declared, by name, and whether it is one that `commutes` makes.
#[derive(Default)]
pub(in crate::lower) struct CellNames(HashMap<String, (Place, bool)>);

impl CellNames {
    /// Cells have a namespace of their own. `made` are those of `commutes`.
    pub(in crate::lower) fn declare(
        &mut self,
        name: &Ident,
        made: bool,
        reports: &mut Reports<'_>,
    ) -> bool {
        let text = bare(name);
        let place = Place::of(name.span());
        if text == "total" {
            // error: a cell cannot be called `total`: the loss has a field of that name [D0110]
            let fault = Fault::new(
                Code::OwnedName,
                "a cell cannot be called `total`: the loss has a field of that name",
            );
            reports.fault(place, fault);
            return false;
        }
        if is_kept(name, reports) {
            return false;
        }
        let Some((first, made_first)) = self.0.get(&text).copied() else {
            self.0.insert(text, (place, made));
            return true;
        };
        let twice = if made {
            // error: `commutes` makes a cell `embedding_1`, and there is one of that name [D0107]
            let twice = format!("`commutes` makes a cell `{text}`, and there is one of that name");
            Fault::new(Code::DeclaredTwice, twice)
        } else {
            check::cell_declared_twice(&text)
        };
        reports.fault(place, twice);
        let here = if made_first {
            format!("`commutes` makes the cell `{text}` here first")
        } else {
            format!("the cell `{text}` is declared here first")
        };
        reports.fault(first, Fault::new(Code::DeclaredTwice, here));
        false
    }
}
