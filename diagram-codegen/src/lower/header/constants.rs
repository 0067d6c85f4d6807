//! What rustc alone knows: checks that depend on constants become assertions, which rustc evaluates.

use diagram_core::dim::Fact;
use diagram_core::{Code, Dim, Fault, check};

use crate::lower::Lowering;
use crate::place::Place;
use crate::place::Placed;

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

impl Lowering<'_, '_> {
    /// The value of a check. Its faults are recorded; those that rustc decides become assertions, and the
    /// check is made again with what they assert.
    pub(in crate::lower) fn decided<T>(
        &mut self,
        check: impl Fn(&Self) -> Result<T, Vec<Placed>>,
    ) -> Option<T> {
        let stated = self.scope.facts.clone();
        let mut asserted = stated.asserted().to_vec();
        let before = asserted.len();
        let result = loop {
            let mut faults = match check(self) {
                Ok(value) => break Some(value),
                Err(faults) => faults,
            };
            let known = asserted.len();
            faults.retain(|(place, fault)| match &fault.unless {
                Some(fact) if !asserted.contains(fact) => {
                    asserted.push((**fact).clone());
                    self.assert((**fact).clone(), fault.clone(), *place);
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
            self.know(stated.asserting(asserted.clone()));
        };
        // Another place that needs the same has an assertion of its own.
        if asserted.len() > before && !self.asserted.together {
            self.know(stated);
        }
        result
    }

    /// As [`Lowering::decided`], of a check with one fault.
    pub(in crate::lower) fn settled<T>(
        &mut self,
        place: Place,
        check: impl Fn(&Self) -> Result<T, Fault>,
    ) -> Option<T> {
        self.decided(|lowering| check(lowering).map_err(|fault| vec![(place, fault)]))
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
    pub(in crate::lower) fn together(&mut self, assert: impl FnOnce(&mut Self)) {
        let stated = self.scope.facts.clone();
        self.asserted.assertions.push(Vec::new());
        self.asserted.together = true;
        assert(self);
        self.asserted.together = false;
        self.know(stated);
    }

    /// Facts that are known from here on.
    pub(in crate::lower) fn know(&mut self, facts: diagram_core::dim::Facts) {
        self.scope.facts.clone_from(&facts);
        self.diagram.facts = facts;
    }

    /// What is asserted holds in the whole diagram; every constant in a dim is positive, as dims are.
    pub(in crate::lower) fn constants(&mut self) {
        // That nothing is too large proves nothing else.
        let relied_on = self.asserted.assertions.iter().flatten();
        let relied_on = relied_on.filter(|one| one.fault.code != Code::DimOverflow);
        let relied_on = relied_on.map(|one| one.fact.clone()).collect();
        let facts = self.scope.facts.asserting(relied_on);
        self.know(facts.closed());
        let constants = self.scope.constants().to_vec();
        for constant in constants {
            let symbol = Dim::symbol(constant.name.clone());
            // error: a dim is at least 1, but `CLASSES` = 0 [D0203]
            let message = format!("a dim is at least 1, but {}", symbol.quoted());
            let fault = Fault::new(Code::NotPositive, message);
            let bound = Fact::at_least(symbol, Dim::Literal(1));
            self.assert(bound, fault, constant.place);
            // error: a dim cannot be as large as `CLASSES` = 18446744073709551615 [D0204]
            let symbol = Dim::symbol(constant.name.clone());
            let message = format!("a dim cannot be as large as {}", symbol.quoted());
            let fault = Fault::new(Code::DimOverflow, message);
            let bound = Fact::at_least(Dim::Literal(check::LARGEST), symbol);
            self.assert(bound, fault, constant.place);
            self.diagram.constants.push(constant.name);
        }
        self.asserted
            .assertions
            .retain(|together| !together.is_empty());
        self.asserted.assertions.sort_by_key(|together| {
            let start = together.first().map(|first| first.place.start.start());
            start.map(|start| (start.line, start.column))
        });
    }
}
