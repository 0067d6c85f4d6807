//! The weights of cells: numbers, constants, hyper-parameters and paths.

use diagram_core::{CellRole, Code, Fault, Weight};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;

use super::Lowering;
use super::names::Entity;
use super::scope::{HyperType, field_ident, is_constant};
use super::units::Counting;
use crate::layers::arguments::{float, learned_start};
use crate::syntax::tree::{self, CellWeight, Number, PathKind, Place, bare};

/// A cell's weight in the diagram, in code, and as the default of a field of its own.
#[derive(Clone)]
pub(super) struct Weighed {
    pub(super) weight: Weight,
    pub(super) code: Option<TokenStream>,
    pub(super) own: Option<TokenStream>,
    /// A path by which units are weighed.
    pub(super) path: Option<Counting>,
}

impl Lowering<'_, '_> {
    /// What the cell's loss is multiplied by.
    pub(super) fn weight(
        &mut self,
        clauses: &tree::Clauses,
        role: CellRole,
        name: Option<&Ident>,
    ) -> Option<Weighed> {
        let Some(weight) = &clauses.weight else {
            return Some(own(quote!(1.0), "1.0".to_owned(), name));
        };
        let (place, fault) = match weight {
            _ if role == CellRole::Watched => {
                // error: a watch has no weight: it is not trained [D0404]
                (
                    weight_place(weight),
                    Fault::new(Code::BadWeight, "a watch has no weight: it is not trained"),
                )
            }
            CellWeight::Learned(start, place) => {
                return self.learned_weight(start.as_ref(), *place, name);
            }
            CellWeight::Number(number) => match float(number) {
                Some(value) if value >= 0.0 && value.is_finite() => {
                    return Some(own(value.to_token_stream(), number.to_string(), name));
                }
                // error: a weight cannot be negative, but is -0.5 [D0404]
                Some(value) if value < 0.0 => (
                    number.place,
                    Fault::new(
                        Code::BadWeight,
                        format!("a weight cannot be negative, but is {number}"),
                    )
                    .help("a weight of 0 turns the cell off"),
                ),
                _ => (
                    number.place,
                    Fault::new(
                        Code::BadWeight,
                        format!("`{number}` is no number that a weight can be"),
                    ),
                ),
            },
            CellWeight::Constant(path) => {
                return Some(own(path.0.to_token_stream(), path.to_string(), name));
            }
            CellWeight::Path(path) => match self.named_weight(path, name) {
                None => return self.path_as_weight(path),
                Some(Ok(weighed)) => return Some(weighed),
                Some(Err(fault)) => (path.place, fault),
            },
        };
        self.fault(place, fault);
        None
    }

    /// A weight that is trained with the model.
    fn learned_weight(
        &mut self,
        start: Option<&Number>,
        place: Place,
        cell: Option<&Ident>,
    ) -> Option<Weighed> {
        let start = match start {
            None => Ok(1.0),
            Some(number) => learned_start(number, place),
        };
        let start = self.diagnostics.take(start)?;
        let name = self.learned(cell, "weight", start);
        Some(Weighed {
            weight: Weight::Learned(name),
            code: Some(quote!(1.0)),
            own: None,
            path: None,
        })
    }

    /// A path by which the units of a loss are weighed.
    fn path_as_weight(&mut self, path: &tree::Path) -> Option<Weighed> {
        let counting = self.counting(path)?;
        Some(Weighed {
            weight: Weight::Path(counting.clause.clone()),
            code: Some(quote!(1.0)),
            own: None,
            path: Some(counting),
        })
    }

    /// A hyper-parameter or a constant as a weight of this cell; `None` for a path of the diagram.
    fn named_weight(
        &self,
        path: &tree::Path,
        cell: Option<&Ident>,
    ) -> Option<Result<Weighed, Fault>> {
        let PathKind::Name(ident) = &path.kind else {
            return None;
        };
        let name = bare(ident);
        Some(match self.scope.hyper(&name) {
            Some(hyper) if hyper.ty == HyperType::Float => {
                let field = field_ident(&name);
                let code = Some(quote!(self.hyper.#field));
                Ok(Weighed {
                    weight: Weight::Hyper(name),
                    code,
                    own: None,
                    path: None,
                })
            }
            // error: `hidden` cannot be a weight: it is of type `usize`, and a weight is of type `f64` [D0404]
            Some(hyper) => Err(Fault::new(
                Code::BadWeight,
                format!(
                    "`{name}` cannot be a weight: it is of type `{}`, and a weight is of type `f64`",
                    hyper.ty
                ),
            )),
            None if matches!(
                self.names.get(&name),
                Some(Entity::Morphism(_) | Entity::Space(..) | Entity::Datum(_))
            ) =>
            {
                return None;
            }
            // A name in upper case is a Rust constant, as in arguments.
            None if is_constant(&name) => Ok(own(ident.to_token_stream(), name, cell)),
            None => Err(self.scope.no_float(&name)),
        })
    }
}

fn weight_place(weight: &CellWeight) -> Place {
    match weight {
        CellWeight::Learned(_, place) => *place,
        CellWeight::Number(number) => number.place,
        CellWeight::Constant(path) => path.0.span().into(),
        CellWeight::Path(path) => path.place,
    }
}

/// A weight of the cell's own. A named cell keeps it in a field, where it can be changed.
fn own(default: TokenStream, text: String, name: Option<&Ident>) -> Weighed {
    match name {
        Some(_) => Weighed {
            weight: Weight::Own(text),
            code: None,
            own: Some(default),
            path: None,
        },
        None => Weighed {
            weight: Weight::Own(text),
            code: Some(default),
            own: None,
            path: None,
        },
    }
}
