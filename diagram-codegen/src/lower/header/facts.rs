//! Facts about dims: `where hidden % heads == 0;`.

use diagram_core::dim::{Fact, Facts, Relation};
use diagram_core::{Code, Fault, check};

use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, ItemKind};

impl Rules<'_> {
    /// Every fact of the diagram, known from here on.
    pub(in crate::lower) fn facts(&mut self) {
        let tree = self.reports.tree;
        let mut facts = Vec::new();
        let mut places = Vec::new();
        for item in &tree.items {
            let ItemKind::Facts(written) = &item.kind else {
                continue;
            };
            for fact in written {
                let Some(meaning) = self.fact(fact) else {
                    continue;
                };
                let place = place(fact);
                if Facts::default().imply(&meaning) {
                    let warning = check::always_holds(&meaning);
                    self.reports
                        .warn(&[item.attributes.as_slice()], place, warning);
                }
                facts.push(meaning);
                places.push(place);
            }
        }
        // Each contradiction is one fault, at the fact that completes it.
        let known = loop {
            match Facts::new(facts.clone()) {
                Ok(known) => break known,
                Err(core) => {
                    let Some(last) = core.last().copied().filter(|last| *last < facts.len()) else {
                        break Facts::default();
                    };
                    let together: Vec<_> = core.iter().filter_map(|at| facts.get(*at)).collect();
                    let fault = check::contradiction(&together);
                    self.fault(places.remove(last), fault);
                    facts.remove(last);
                }
            }
        };
        self.of_constants(&facts, &places);
        self.scope.facts = known.over(self.scope.variables());
    }

    /// Facts about nothing but constants are checked by rustc.
    fn of_constants(&mut self, facts: &[Fact], places: &[Place]) {
        let variables = self.scope.variables();
        for (fact, place) in facts.iter().zip(places) {
            let symbols = fact.symbols();
            let constant = |symbol: &&str| variables.iter().all(|variable| variable != symbol);
            if !symbols.is_empty() && symbols.iter().all(constant) {
                // error: `WIDTH % HEADS == 0` does not hold: `WIDTH` = 30, `HEADS` = 4 [D0805]
                let names: Vec<_> = symbols.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("`{fact}` does not hold: {}", names.join(", "));
                let fault = Fault::new(Code::BrokenFact, message);
                self.assert(fact.clone(), fault, *place);
            }
        }
    }

    fn fact(&mut self, fact: &tree::Fact) -> Option<Fact> {
        let mut dim = |dim| match self.scope.dim(dim) {
            Ok(meaning) => Some(meaning),
            Err((place, fault)) => {
                self.fault(place, fault);
                None
            }
        };
        let (left, right) = (dim(&fact.left), dim(&fact.right));
        let relation = if fact.equal {
            Relation::Equal
        } else {
            Relation::AtLeast
        };
        let meaning = Fact {
            left: left?,
            relation,
            right: right?,
        };
        let sound = check::fact(&meaning).map_err(|fault| (place(fact), fault));
        self.take(sound).map(|()| meaning)
    }
}

fn place(fact: &tree::Fact) -> Place {
    fact.left.place.to(fact.right.place)
}
