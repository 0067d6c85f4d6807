//! Scalars that are trained beside the morphisms: their names, and where none can stand.

use std::collections::HashMap;

use diagram_core::{CellRole, Code, Fault, Learned};
use proc_macro2::Ident;

use super::Lowering;
use crate::losses::Built;
use crate::syntax::tree::{Place, bare};

/// The names of learned scalars, each with the number of the last that begins as it.
#[derive(Default)]
pub(super) struct LearnedNames(HashMap<String, usize>);

impl LearnedNames {
    /// This name, or where it is taken the first of it with a number that is not: `scale_2`.
    fn free(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = self.0.get(&name).copied().unwrap_or(1);
        while self.0.contains_key(&free) {
            number += 1;
            free = format!("{name}_{number}");
        }
        self.0.insert(name, number);
        self.0.entry(free.clone()).or_insert(1);
        free
    }
}

impl Lowering<'_, '_> {
    /// A scalar of this cell that stands for this: its name, under which the model keeps it.
    pub(super) fn learned(&mut self, cell: Option<&Ident>, stands_for: &str, start: f64) -> String {
        let name = match cell {
            Some(cell) => format!("{}_{stands_for}", bare(cell)),
            None => stands_for.to_owned(),
        };
        let name = self.learned_names.free(name);
        self.diagram.learned.push(Learned {
            name: name.clone(),
            start,
        });
        name
    }

    /// The names of the learned arguments of a cell's loss.
    pub(super) fn learned_arguments(
        &mut self,
        cell: Option<&Ident>,
        role: CellRole,
        built: &Built,
        place: Place,
    ) -> Vec<String> {
        if let (CellRole::Watched, Some(one)) = (role, built.learned.first()) {
            // error: `temperature` of a watch cannot be learned: a watch is not trained [D0311]
            let message = format!(
                "`{}` of a watch cannot be learned: a watch is not trained",
                one.argument
            );
            self.fault(place, Fault::new(Code::ArgumentType, message));
        }
        let all = built.learned.iter();
        all.map(|one| self.learned(cell, &one.argument, one.start))
            .collect()
    }
}
