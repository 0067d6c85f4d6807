//! What says of the units of a loss how they count: masks and weights that are paths.

use diagram_core::{Clause, Diagram, Kind};
use diagram_layers::losses;

use crate::lower::paths::{PathTyping, Typed};
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, shown};

/// A mask or a weight that is a path.
#[derive(Clone)]
pub(in crate::lower) struct UnitClause {
    pub(in crate::lower) clause: Clause,
    pub(in crate::lower) typed: Typed,
    pub(in crate::lower) place: Place,
}

impl PathTyping<'_, '_> {
    /// The path of a mask or a weight.
    pub(in crate::lower) fn unit_clause(&mut self, path: &tree::Path) -> Option<UnitClause> {
        let typed = self.one(path)?;
        let clause = Clause {
            text: shown(path),
            path: typed.path,
        };
        Some(UnitClause {
            clause,
            typed,
            place: path.place,
        })
    }
}

impl Rules<'_> {
    /// The rank of a mask (Bool) or weight (Float), where it says something of the units of a loss.
    pub(in crate::lower) fn of_units(
        &mut self,
        diagram: &Diagram,
        kind: Kind,
        counting: &UnitClause,
        (loss, measured): (&str, &losses::Typed),
    ) -> Option<usize> {
        let shape = diagram.shape(&counting.typed.end);
        self.settled(counting.place, |scope| {
            let text = &counting.clause.text;
            let facts = &scope.facts;
            losses::of_units(kind, (text, &shape), (loss, measured), facts)?;
            Ok(shape.rank())
        })
    }
}
