//! Further methods of the caller's modules, each after the module that it is of.

use diagram_core::check::{self, Methodless};
use diagram_core::spelling::raw;
use diagram_core::{Code, Definition, Fault, MorphismId};
use proc_macro2::Ident;

use crate::lower::definitions::defining::Defining;
use crate::lower::output::Body;
use crate::place::Place;
use crate::syntax::tree::{self, bare};

/// `guide = teacher.features`, which waits until every module is known.
pub(in crate::lower) struct Method<'a> {
    pub(in crate::lower) id: MorphismId,
    pub(in crate::lower) definition: &'a tree::Definition,
    pub(in crate::lower) of: &'a Ident,
    pub(in crate::lower) called: &'a Ident,
}

impl<'a> Defining<'_, 'a, '_> {
    /// Each becomes an application of the module behind another morphism.
    pub(in crate::lower) fn methods(&mut self, methods: &[Method<'a>]) {
        for one in methods {
            if let Some(of) = self.module_behind(one, methods) {
                let method = bare(one.called);
                let definition = Definition::Method { of, method };
                let method = one.called;
                self.output
                    .define(one.id, definition, Body::Method { of, method });
            } else {
                self.faulty.morphisms.insert(one.id);
            }
        }
    }

    /// The morphism before the dot, which must be the caller's own module.
    fn module_behind(&mut self, one: &Method<'a>, methods: &[Method<'a>]) -> Option<MorphismId> {
        let (name, place) = (bare(one.of), Place::of(one.of.span()));
        let Some(of) = self.names.morphism(one.of) else {
            let fault = check::not_found(
                Code::UnknownMorphism,
                "morphism",
                &name,
                self.names.morphisms(),
            );
            self.rules.reports.absent(one.of, fault);
            return None;
        };
        if let Some(frozen) = one.definition.frozen {
            // error: `frozen` cannot stand before a method: it speaks of the weights of `teacher` [D0410]
            let fault = Fault::new(
                Code::FrozenComposite,
                format!(
                    "`frozen` cannot stand before a method: it speaks of the weights of `{name}`"
                ),
            )
            .help(format!("say it of the module: `frozen {};`", raw(&name)));
            self.fault(frozen, fault);
        }
        if let Some(other) = methods.iter().find(|other| other.id == of) {
            let why = Methodless::Method(&bare(other.of));
            let fault = check::no_methods(&name, &bare(one.called), why);
            let fault = if other.id == one.id {
                fault
            } else {
                let (module, method) = (other.of, one.called);
                fault.help(format!("take it from the module: `{module}.{method}`"))
            };
            self.fault(place, fault);
            return None;
        }
        if self.faulty.morphisms.contains(&of) {
            return None;
        }
        let body = match &self.output.morphisms[of.0].body {
            Body::Average { of, .. } => &self.output.morphisms[of.0].body,
            body => body,
        };
        let why = match body {
            Body::Module { .. } => return Some(of),
            Body::Layers { .. } => Methodless::Layers,
            Body::Slot { .. } => Methodless::Slot,
            Body::Function(_) => Methodless::Function,
            _ => Methodless::Composite,
        };
        let fault = check::no_methods(&name, &bare(one.called), why);
        self.fault(place, fault);
        None
    }

    /// A method is frozen, adapted or averaged where its module is; to be asked when all that is so is known.
    pub(in crate::lower) fn follow_modules(&mut self) {
        for index in 0..self.output.diagram.morphisms.len() {
            let id = MorphismId(index);
            let behind = self.output.diagram.behind(id);
            let behind = self.output.diagram.morphism(behind);
            let (frozen, adapters) = (behind.frozen, behind.adapters.clone());
            let average = behind.average.clone();
            let morphism = &mut self.output.diagram.morphisms[index];
            (morphism.frozen, morphism.adapters) = (frozen, adapters);
            morphism.average = average;
        }
    }
}
