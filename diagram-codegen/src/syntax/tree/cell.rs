//! Cells: their ends, losses, weights and masks.

use super::{Argument, Number, Path, Rust};
use crate::place::Place;

/// `(path '~' path | 'minimize' path) clause*`
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// What is compared, or minimised.
    pub ends: Ends,
    /// Loss, weight and mask.
    pub clauses: Clauses,
    /// All of it.
    pub place: Place,
}

/// The ends of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Ends {
    /// `prediction ~ target`
    Agree(Path, Path),
    /// `minimize path`
    Minimize(Path),
}

/// What may follow the ends of a cell, in any order, each at most once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clauses {
    /// `by kl(temperature)`
    pub loss: Option<Loss>,
    /// `weight 0.7`
    pub weight: Option<WeightClause>,
    /// `mask Present`
    pub mask: Option<Path>,
}

/// A loss, a metric or the path of a user's function, with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Loss {
    /// `kl`, or `losses::mine`.
    pub path: Rust<syn::Path>,
    /// What is given to it.
    pub arguments: Option<Vec<Argument>>,
    /// All of it.
    pub place: Place,
}

/// `learned`, a number, a Rust path with `::`, or a path of the diagram.
#[derive(Clone, Debug, PartialEq)]
pub enum WeightClause {
    /// `learned` or `learned(0.5)`
    Learned(Option<Number>, Place),
    /// `0.7`
    Number(Number),
    /// `crate::WEIGHT`
    Constant(Rust<syn::Path>),
    /// A hyper-parameter (a path of one name), or a path to a Float object.
    Path(Path),
}
