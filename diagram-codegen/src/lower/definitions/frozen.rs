//! What training never changes: `frozen f, g;`

use std::collections::HashSet;

use diagram_core::spelling::raw;
use diagram_core::{Definition, Diagram, MorphismId, check};

use crate::lower::definitions::defining::Defining;
use crate::syntax::tree::{ItemKind, bare};

impl Defining<'_, '_, '_> {
    /// `frozen f, g;`
    pub(in crate::lower) fn freeze(&mut self) {
        let tree = self.rules.reports.tree;
        for item in &tree.items {
            let ItemKind::Frozen(names) = &item.kind else {
                continue;
            };
            for name in names {
                let Some(id) = self.morphism_named(name) else {
                    continue;
                };
                if let Some(average) = &self.output.diagram.morphism(id).average {
                    let of = self.output.diagram.morphism(average.of).name.clone();
                    self.fault(
                        name.span().into(),
                        check::frozen_average(&bare(name), Some(&of)),
                    );
                    continue;
                }
                let help = match &self.output.diagram.morphism(id).definition {
                    Definition::Function { .. } => None,
                    Definition::Composite { .. } => {
                        let parts = trained_in(&self.output.diagram, &[id]);
                        let help = format!("freeze what it is made of: `frozen {parts};`");
                        (!parts.is_empty()).then_some(help)
                    }
                    Definition::Method { of, .. } => {
                        let module = raw(&self.output.diagram.morphism(*of).name);
                        let help = "freeze the module that it is a method of";
                        Some(format!("{help}: `frozen {module};`"))
                    }
                    Definition::Parameter { .. }
                    | Definition::Layers { .. }
                    | Definition::Module { .. } => {
                        self.output.diagram.morphisms[id.0].frozen = true;
                        continue;
                    }
                };
                let fault = check::nothing_to_freeze(&bare(name));
                self.fault(name.span().into(), fault.maybe_help(help));
            }
        }
    }
}

/// What training changes of these morphisms and of what they are made of, each once: `f, g`.
pub(in crate::lower) fn trained_in(diagram: &Diagram, morphisms: &[MorphismId]) -> String {
    let applied = morphisms.iter().flat_map(|id| {
        let definition = &diagram.morphism(*id).definition;
        match definition {
            Definition::Composite { paths, .. } => diagram.paths.applied_within(paths),
            _ => vec![*id],
        }
    });
    let mut seen = HashSet::new();
    let modules = applied
        .map(|id| diagram.behind(id))
        .filter(|id| seen.insert(*id))
        .map(|id| diagram.morphism(id));
    let trained = modules.filter(|module| module.is_trained());
    let names: Vec<_> = trained.map(|module| raw(&module.name)).collect();
    names.join(", ")
}
