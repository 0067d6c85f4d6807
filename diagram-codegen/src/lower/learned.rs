//! Scalars that are trained beside the morphisms: their names, and where none can stand.

use diagram_core::{CellRole, Code, Fault, Learned};
use proc_macro2::Ident;

use super::Lowering;
use crate::losses::Built;
use crate::syntax::tree::{Place, bare};

impl Lowering<'_, '_> {
    /// A scalar of this cell that stands for this: its name, under which the model keeps it.
    pub(super) fn learned(&mut self, cell: Option<&Ident>, stands_for: &str, start: f64) -> String {
        let name = match cell {
            Some(cell) => format!("{}_{stands_for}", bare(cell)),
            None => stands_for.to_owned(),
        };
        let taken = |name: &str| self.diagram.learned.iter().any(|one| one.name == name);
        let numbered = (2_usize..).map(|number| format!("{name}_{number}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        let name = names.find(|name| !taken(name)).unwrap_or(name);
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
