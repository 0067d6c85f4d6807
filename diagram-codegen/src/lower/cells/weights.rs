//! The weights of cells: numbers, constants, hyper-parameters and paths.

use diagram_core::{CellRole, Code, Fault, HyperType, Number, Scalar, Weight, check};
use syn::spanned::Spanned;

use crate::arguments::{finite, learned_start};
use crate::lower::cells::units::UnitClause;
use crate::lower::header::names::Entity;
use crate::lower::paths::PathTyping;
use crate::place::Place;
use crate::scope::is_constant;
use crate::syntax::tree::{self, PathKind, Rust, WeightClause, bare};

/// A cell's weight in the diagram, and the path by which units are weighed, if it is one.
#[derive(Clone)]
pub(in crate::lower) struct CellWeight {
    pub(in crate::lower) weight: Weight,
    pub(in crate::lower) path: Option<UnitClause>,
}

impl From<Scalar> for CellWeight {
    fn from(scalar: Scalar) -> Self {
        CellWeight {
            weight: Weight::Scalar(scalar),
            path: None,
        }
    }
}

impl PathTyping<'_, '_> {
    /// What the cell's loss is multiplied by.
    pub(in crate::lower) fn weight(
        &mut self,
        clauses: &tree::Clauses,
        role: CellRole,
    ) -> Option<CellWeight> {
        let Some(weight) = &clauses.weight else {
            return Some(Scalar::Number(Number::ONE).into());
        };
        let (place, fault) = match weight {
            _ if role == CellRole::Watched => (weight_place(weight), check::weight_of_a_watch()),
            WeightClause::Learned(start, place) => {
                return self.learned_weight(start.as_ref(), *place);
            }
            WeightClause::Number(number) => {
                match number.value().map(|value| (value, finite(number))) {
                    Some((0.0.., Some(value))) => return Some(Scalar::Number(value).into()),
                    // error: a weight cannot be negative, but is -0.5 [D0404]
                    Some((value, _)) if value < 0.0 => {
                        (number.place, check::negative_weight(&number.to_string()))
                    }
                    _ => (
                        number.place,
                        Fault::new(
                            Code::BadWeight,
                            format!("`{number}` is no number that a weight can be"),
                        ),
                    ),
                }
            }
            WeightClause::Constant(path) => {
                return Some(Scalar::Constant(self.rules.scope.snippet(path)).into());
            }
            WeightClause::Path(path) => match self.named_weight(path) {
                None => return self.path_as_weight(path),
                Some(Ok(weighed)) => return Some(weighed),
                Some(Err(fault)) => (path.place, fault),
            },
        };
        self.fault(place, fault);
        None
    }

    /// A weight that is trained with the model.
    fn learned_weight(&mut self, start: Option<&tree::Number>, place: Place) -> Option<CellWeight> {
        let start = match start {
            None => Ok(Number::ONE),
            Some(number) => learned_start(number, place),
        };
        let start = self.rules.take(start)?;
        let reports = &mut self.rules.reports;
        let learned = self.learned.argument("weight", start, place, reports);
        Some(CellWeight {
            weight: Weight::Learned(learned),
            path: None,
        })
    }

    /// A path by which the units of a loss are weighed.
    fn path_as_weight(&mut self, path: &tree::Path) -> Option<CellWeight> {
        let counting = self.unit_clause(path)?;
        Some(CellWeight {
            weight: Weight::Path(counting.clause.clone()),
            path: Some(counting),
        })
    }

    /// A hyper-parameter or a constant as a weight; `None` for a path of the diagram.
    fn named_weight(&self, path: &tree::Path) -> Option<Result<CellWeight, Fault>> {
        let PathKind::Name(ident) = &path.kind else {
            return None;
        };
        let name = bare(ident);
        Some(match self.rules.scope.hyper(&name) {
            Some(hyper) if hyper.ty == HyperType::Float => Ok(Scalar::Hyper(name).into()),
            Some(hyper) => Err(check::weight_of_type(&name, &hyper.ty)),
            None if matches!(
                self.names.get(&name),
                Some(Entity::Morphism(_) | Entity::Space(..) | Entity::Datum(_))
            ) =>
            {
                return None;
            }
            // A name in upper case is a Rust constant, as in arguments.
            None if is_constant(&name) => {
                let constant = self.rules.scope.snippet(&Rust(ident.clone()));
                Ok(Scalar::Constant(constant).into())
            }
            None => Err(self.rules.scope.no_float(&name)),
        })
    }
}

fn weight_place(weight: &WeightClause) -> Place {
    match weight {
        WeightClause::Learned(_, place) => *place,
        WeightClause::Number(number) => number.place,
        WeightClause::Constant(path) => path.0.span().into(),
        WeightClause::Path(path) => path.place,
    }
}
