//! Scalars that are trained beside the morphisms: their names, and where none can stand.

use std::collections::HashMap;

use diagram_core::{CellRole, Learned, LearnedId, Number, Scalar, check};
use proc_macro2::Ident;

use crate::arguments;
use crate::lower::Lowering;
use crate::place::Place;
use crate::syntax::tree::bare;

/// The names of learned scalars, each with the number of the last that begins as it.
#[derive(Default)]
pub(in crate::lower) struct LearnedNames(HashMap<String, usize>);

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
    /// A scalar of this cell that stands for this.
    pub(in crate::lower) fn learned(
        &mut self,
        cell: Option<&Ident>,
        stands_for: &str,
        start: Number,
    ) -> LearnedId {
        let name = match cell {
            Some(cell) => format!("{}_{stands_for}", bare(cell)),
            None => stands_for.to_owned(),
        };
        let name = self.known.learned.free(name);
        self.diagram.learned.push(Learned { name, start });
        LearnedId(self.diagram.learned.len() - 1)
    }

    /// The learned arguments of a cell's loss, each under an id of its own in place of its position among them.
    pub(in crate::lower) fn learned_arguments<'s>(
        &mut self,
        cell: Option<&Ident>,
        role: CellRole,
        (learned, scalars): (
            &[arguments::Learned],
            impl IntoIterator<Item = &'s mut Scalar>,
        ),
        place: Place,
    ) {
        if let (CellRole::Watched, Some(one)) = (role, learned.first()) {
            self.fault(place, check::learned_in_a_watch(&one.argument));
        }
        let ids = learned.iter();
        let ids = ids.map(|one| self.learned(cell, &one.argument, one.start));
        let ids: Vec<_> = ids.collect();
        for scalar in scalars {
            if let Scalar::Learned(id) = scalar
                && let Some(new) = ids.get(id.0)
            {
                *id = *new;
            }
        }
    }
}
