//! Facts about dims: `where hidden % heads == 0;`.

use diagram_core::check;
use diagram_core::dim::{Fact, Facts, Relation};

use super::Lowering;
use crate::syntax::tree::{self, ItemKind, Place};

impl Lowering<'_, '_> {
    /// Every fact of the diagram, known from here on.
    pub(super) fn facts(&mut self) {
        let tree = self.tree;
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
                    self.diagnostics
                        .warning(place, check::always_holds(&meaning));
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
        self.scope.facts = known.clone();
        self.diagram.facts = known;
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
        self.diagnostics.take(sound).map(|()| meaning)
    }
}

fn place(fact: &tree::Fact) -> Place {
    fact.left.place.to(fact.right.place)
}
