//! Kinds and shapes of objects, and how two shapes differ.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dim::{Comparison, Dim, Facts};

/// The kind of the elements of a tensor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Floating-point numbers. Gradients pass only these.
    #[default]
    Float,
    /// Integers: classes, tokens, indices.
    Int,
    /// Truth values: masks.
    Bool,
}

impl Kind {
    /// The kind, as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Float => "Float",
            Kind::Int => "Int",
            Kind::Bool => "Bool",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.name())
    }
}

/// A kind and one dim per axis; displayed as a user writes it: `[batch, 10]`, `Int[batch]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// The kind of the elements.
    pub kind: Kind,
    /// One dim per axis, the batch first by custom.
    pub dims: Vec<Dim>,
}

/// The shapes of the factors of a product, in order; displayed as `[batch, 8] * Int[batch]`. One factor is no
/// product, and is displayed as its shape.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Product(pub Vec<Shape>);

/// The first way in which two shapes differ, looked for in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The kinds differ.
    Kind,
    /// The ranks differ.
    Rank,
    /// The extents of this axis are different, or not known to be equal.
    Axis {
        /// The axis, from 0.
        axis: usize,
        /// The result of the comparison; never [`Comparison::Equal`].
        comparison: Comparison,
    },
}

/// The first way in which two products of shapes differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductDifference {
    /// They have different numbers of factors.
    Factors,
    /// This factor, by position, differs.
    At(usize, Difference),
}

impl Shape {
    /// A shape of floats.
    #[must_use]
    pub fn float(dims: Vec<Dim>) -> Self {
        Shape {
            kind: Kind::Float,
            dims,
        }
    }

    /// The number of axes.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.dims.len()
    }

    /// A shape of the same kind with other dims.
    #[must_use]
    pub fn with_dims(&self, dims: Vec<Dim>) -> Self {
        Shape {
            kind: self.kind,
            dims,
        }
    }

    /// The first difference from `other`; `None` if the two are proved equal under the facts.
    #[must_use]
    pub fn difference(&self, other: &Shape, facts: &Facts) -> Option<Difference> {
        if self.kind != other.kind {
            return Some(Difference::Kind);
        }
        if self.rank() != other.rank() {
            return Some(Difference::Rank);
        }
        let pairs = self.dims.iter().zip(&other.dims);
        pairs
            .enumerate()
            .find_map(|(axis, (left, right))| match facts.compare(left, right) {
                Comparison::Equal => None,
                comparison => Some(Difference::Axis { axis, comparison }),
            })
    }
}

impl From<Shape> for Product {
    fn from(shape: Shape) -> Self {
        Product(vec![shape])
    }
}

impl Product {
    /// The shape, if there is one factor.
    #[must_use]
    pub fn one(&self) -> Option<&Shape> {
        match self.0.as_slice() {
            [one] => Some(one),
            _ => None,
        }
    }

    /// Every dim of every factor.
    pub fn dims(&self) -> impl Iterator<Item = &Dim> {
        self.0.iter().flat_map(|shape| &shape.dims)
    }

    /// The first difference from `other`; `None` if the two are proved equal under the facts.
    #[must_use]
    pub fn difference(&self, other: &Product, facts: &Facts) -> Option<ProductDifference> {
        if self.0.len() != other.0.len() {
            return Some(ProductDifference::Factors);
        }
        let mut pairs = self.0.iter().zip(&other.0).enumerate();
        pairs.find_map(|(factor, (left, right))| {
            let difference = left.difference(right, facts)?;
            Some(ProductDifference::At(factor, difference))
        })
    }
}

impl fmt::Display for Product {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return out.write_str("()");
        }
        for (factor, shape) in self.0.iter().enumerate() {
            if factor > 0 {
                out.write_str(" * ")?;
            }
            write!(out, "{shape}")?;
        }
        Ok(())
    }
}

impl Shape {
    /// Whether two shapes of one kind and rank differ only at axes where one of them has the extent 1.
    #[must_use]
    pub fn would_broadcast(&self, other: &Shape) -> bool {
        let alike = self.kind == other.kind && self.rank() == other.rank();
        let one = Dim::Literal(1);
        let mut pairs = self.dims.iter().zip(&other.dims);
        let fits = pairs.all(|(left, right)| left == right || *left == one || *right == one);
        alike && fits && self != other
    }

    /// The shape with its kind, also if that is Float: `Float[batch, 64]`.
    #[must_use]
    pub fn with_kind(&self) -> String {
        match self.kind {
            Kind::Float => format!("{}{self}", Kind::Float),
            Kind::Int | Kind::Bool => self.to_string(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.kind != Kind::Float {
            write!(out, "{}", self.kind)?;
        }
        out.write_str("[")?;
        for (axis, dim) in self.dims.iter().enumerate() {
            if axis > 0 {
                out.write_str(", ")?;
            }
            write!(out, "{dim}")?;
        }
        out.write_str("]")
    }
}
