//! What rustc alone knows: constants are positive, and what is asserted of them holds everywhere.

use diagram_core::dim::Fact;
use diagram_core::{Code, Diagram, Dim, Fault, check};

use crate::lower::rules::Rules;

impl Rules<'_> {
    /// What is asserted holds in the whole diagram; every constant in a dim is positive, as dims are.
    pub(in crate::lower) fn constants(&mut self, diagram: &mut Diagram) {
        // That nothing is too large proves nothing else.
        let relied_on = self.asserted.assertions.iter().flatten();
        let relied_on = relied_on.filter(|one| one.fault.code != Code::DimOverflow);
        let relied_on = relied_on.map(|one| one.fact.clone()).collect();
        let facts = self.scope.facts.asserting(relied_on);
        self.scope.facts = facts.closed();
        diagram.facts.clone_from(&self.scope.facts);
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
            diagram.constants.push(constant.name);
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
