//! Shapes, dims, facts and signatures.

use proc_macro2::{Ident, Literal};

use super::Rust;
use crate::place::Place;

/// `kind? '[' dim,+ ']'`
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// `Float`, `Int` or `Bool`.
    pub kind: Option<Ident>,
    /// One dim an axis.
    pub dims: Vec<Dim>,
    /// All of it.
    pub place: Place,
}

/// `product '->' product`, where a product is shapes with `*` between them; `()` takes nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// What a method takes, a factor an argument, and what it gives.
    pub ends: [Vec<Shape>; 2],
    /// Where the two stand.
    pub places: [Place; 2],
}

/// `'[' (dim '=' dim),+ ']'`
#[derive(Clone, Debug, PartialEq)]
pub struct Dims {
    /// Which dim becomes what.
    pub bindings: Vec<(Dim, Dim)>,
    /// All of it.
    pub place: Place,
}

/// One extent of a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Dim {
    /// What it is.
    pub kind: DimKind,
    /// All of it.
    pub place: Place,
}

/// What a dim can be; parentheses are in the tree's shape.
#[derive(Clone, Debug, PartialEq)]
pub enum DimKind {
    /// `28`
    Number(Rust<Literal>),
    /// `batch`
    Name(Ident),
    /// `crate::WIDTH`: a constant.
    Constant(Rust<syn::Path>),
    /// `2 * hidden`
    Binary(diagram_core::dim::Op, Box<Dim>, Box<Dim>),
}

/// `dim ('==' | '>=') dim`
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The left dim.
    pub left: Dim,
    /// `==`, or else `>=`.
    pub equal: bool,
    /// The right dim.
    pub right: Dim,
}
