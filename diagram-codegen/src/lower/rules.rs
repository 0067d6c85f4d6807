//! Asking the rules: a fault is reported, unless rustc alone knows; then it is what rustc is to check.

use std::collections::HashSet;

use diagram_core::dim::Fact;
use diagram_core::{Detail, Diagram, Dim, Fault, MorphismId, ObjectId};

use crate::diagnostic::Diagnostics;
use crate::lower::reports::Reports;
use crate::place::{Place, Placed};
use crate::scope::Scope;
use crate::syntax::tree;

/// What rules are asked with, and where their answers go.
pub(in crate::lower) struct Rules<'d> {
    pub(in crate::lower) scope: Scope,
    pub(in crate::lower) reports: Reports<'d>,
    pub(in crate::lower) asserted: Asserted,
    /// Whether an object is tried as Int, for a message.
    pub(in crate::lower) trial: Option<Trial>,
}

/// What if an object were Int: as these morphisms read it, or wherever it stands.
pub(in crate::lower) struct Trial {
    pub(in crate::lower) object: ObjectId,
    pub(in crate::lower) readers: Option<HashSet<MorphismId>>,
}

/// What rustc is to check.
#[derive(Default)]
pub(in crate::lower) struct Asserted {
    pub(in crate::lower) assertions: Vec<Vec<Assertion>>,
    /// Whether the next assertion depends on those before it.
    together: bool,
}

/// What rustc is to check, and the fault that it is otherwise.
#[derive(Debug)]
pub struct Assertion {
    /// What must hold; every symbol in it is a constant.
    pub fact: Fact,
    /// What is wrong where it does not.
    pub fault: Fault,
    /// Where that is said.
    pub place: Place,
    /// Whether generics decide it, so that it has an answer only where they have values.
    pub generic: bool,
}

impl<'d> Rules<'d> {
    pub(in crate::lower) fn new(
        tree: &'d tree::Diagram,
        diagnostics: &'d mut Diagnostics,
        trial: Option<Trial>,
    ) -> Self {
        Rules {
            scope: Scope::default(),
            reports: Reports::new(tree, diagnostics),
            asserted: Asserted::default(),
            trial,
        }
    }

    pub(in crate::lower) fn fault(&mut self, place: Place, fault: Fault) {
        self.reports.fault(place, fault);
    }

    /// Records the fault of a result, and goes on without its value.
    pub(in crate::lower) fn take<T>(&mut self, result: Result<T, Placed>) -> Option<T> {
        self.reports.diagnostics.take(result)
    }

    /// The value of a check. Its faults are recorded; those that rustc decides become assertions, and the
    /// check is made again with what they assert.
    pub(in crate::lower) fn decided<T>(
        &mut self,
        mut check: impl FnMut(&Scope) -> Result<T, Vec<Placed>>,
    ) -> Option<T> {
        let stated = self.scope.facts.clone();
        let mut asserted = stated.asserted().to_vec();
        let before = asserted.len();
        let result = loop {
            let mut faults = match check(&self.scope) {
                Ok(value) => break Some(value),
                Err(faults) => faults,
            };
            let known = asserted.len();
            faults.retain(|(place, fault)| match fault.detail.as_deref() {
                Some(Detail::Unless(fact)) if !asserted.contains(fact) => {
                    asserted.push(fact.clone());
                    self.assert(fact.clone(), fault.clone(), *place);
                    false
                }
                _ => true,
            });
            if !faults.is_empty() || asserted.len() == known {
                for (place, fault) in faults {
                    self.fault(place, fault);
                }
                break None;
            }
            self.scope.facts = stated.asserting(asserted.clone());
        };
        // Another place that needs the same has an assertion of its own.
        if asserted.len() > before && !self.asserted.together {
            self.scope.facts = stated;
        }
        result
    }

    /// As [`Rules::decided`], of a check with one fault.
    pub(in crate::lower) fn settled<T>(
        &mut self,
        place: Place,
        mut check: impl FnMut(&Scope) -> Result<T, Fault>,
    ) -> Option<T> {
        self.decided(|scope| check(scope).map_err(|fault| vec![(place, fault)]))
    }

    /// As [`Rules::decided`], of a check that asks the diagram, which knows the same facts meanwhile.
    pub(in crate::lower) fn decided_in<T>(
        &mut self,
        diagram: &mut Diagram,
        mut check: impl FnMut(&Diagram, &Scope) -> Result<T, Vec<Placed>>,
    ) -> Option<T> {
        let result = self.decided(|scope| {
            diagram.facts.clone_from(&scope.facts);
            check(diagram, scope)
        });
        diagram.facts.clone_from(&self.scope.facts);
        result
    }

    /// As [`Rules::decided_in`], of a check with one fault.
    pub(in crate::lower) fn settled_in<T>(
        &mut self,
        diagram: &mut Diagram,
        place: Place,
        mut check: impl FnMut(&Diagram, &Scope) -> Result<T, Fault>,
    ) -> Option<T> {
        self.decided_in(diagram, |diagram, scope| {
            check(diagram, scope).map_err(|fault| vec![(place, fault)])
        })
    }

    /// How often something is done, as written: `f^n`.
    pub(in crate::lower) fn count(&mut self, count: &tree::Dim) -> Option<Dim> {
        self.decided(|scope| scope.count(count).map_err(|fault| vec![fault]))
    }

    /// Lets rustc check a fact about constants.
    pub(in crate::lower) fn assert(&mut self, fact: Fact, fault: Fault, place: Place) {
        let symbols = fact.symbols();
        let constants = self.scope.constants();
        let known = constants
            .iter()
            .filter(|constant| symbols.contains(&constant.name.as_str()));
        let known: Vec<bool> = known.map(|constant| constant.alias.is_none()).collect();
        drop(constants);
        // What may be declared in what could not be read is no constant.
        if known.len() != symbols.len() {
            return;
        }
        let assertion = Assertion {
            generic: known.contains(&true),
            fact,
            fault,
            place,
        };
        match self.asserted.assertions.last_mut() {
            Some(together) if self.asserted.together => together.push(assertion),
            _ => self.asserted.assertions.push(vec![assertion]),
        }
    }

    /// Does what makes assertions of which each depends on those before it: only the first that fails is
    /// said.
    pub(in crate::lower) fn together<T>(&mut self, assert: impl FnOnce(&mut Self) -> T) -> T {
        let stated = self.scope.facts.clone();
        self.asserted.assertions.push(Vec::new());
        self.asserted.together = true;
        let result = assert(self);
        self.asserted.together = false;
        self.scope.facts = stated;
        result
    }
}
