//! The weight and the mask of a cell.

use diagram_core::CellRole;

use crate::lower::cells::units::UnitClause;
use crate::lower::cells::weights::CellWeight;
use crate::lower::paths::PathTyping;
use crate::syntax::tree::{self, WeightClause};

/// How the units of a cell count.
#[derive(Clone)]
pub(in crate::lower) struct CellClauses {
    pub(in crate::lower) weight: Option<CellWeight>,
    pub(in crate::lower) mask: Option<UnitClause>,
}

impl PathTyping<'_, '_> {
    /// The weight and the mask of a cell.
    pub(in crate::lower) fn cell_clauses(
        &mut self,
        clauses: &tree::Clauses,
        role: CellRole,
    ) -> CellClauses {
        let weight = self.weight(clauses, role);
        let mask = clauses.mask.as_ref();
        let mask = mask.and_then(|mask| self.unit_clause(mask));
        CellClauses { weight, mask }
    }

    /// Those of a further cell with the same clauses: what their paths draw is drawn once, and what a weight
    /// learns is each cell's own.
    pub(in crate::lower) fn clauses_alike(
        &mut self,
        first: &CellClauses,
        clauses: &tree::Clauses,
    ) -> CellClauses {
        let mut counted = first.clone();
        if matches!(clauses.weight, Some(WeightClause::Learned(..))) {
            counted.weight = self.weight(clauses, CellRole::Trained);
        }
        counted
    }
}
