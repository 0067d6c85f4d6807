//! Paths and scalars.

use proc_macro2::{Ident, Literal};

use super::{Dim, Rust};
use crate::place::Place;

/// A path as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What it is.
    pub kind: PathKind,
    /// All of it.
    pub place: Place,
}

/// What a path can be; parentheses around one path are in the tree's shape.
#[derive(Clone, Debug, PartialEq)]
pub enum PathKind {
    /// `encoder`, or the datum `Image`.
    Name(Ident),
    /// `a >> b >> c`: at least two.
    Compose(Vec<Path>),
    /// `fuse(a, b)`; `stop(a)` and `again(a)` too.
    Apply(Ident, Vec<Path>),
    /// `scale(a, 0.5)`, `reverse(a, lambda)`.
    Gradient {
        /// `scale` or `reverse`.
        word: Ident,
        /// Whose gradient.
        path: Box<Path>,
        /// By how much.
        scalar: Scalar,
    },
    /// `(a, b)`: at least two.
    Tuple(Vec<Path>),
    /// `step^3`
    Power(Box<Path>, Count),
    /// `encode.Mean`
    Factor(Box<Path>, Ident),
    /// `encode.0`
    Position(Box<Path>, Rust<Literal>),
    /// `1`, `-0.5`
    Number(Number),
}

/// How often: `3`, `n`, `crate::N`, `(n + 1)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Count(pub Dim);

/// `'-'? (number | name | Path | 'learned' '(' number ')')`
#[derive(Clone, Debug, PartialEq)]
pub struct Scalar {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The rest.
    pub kind: ScalarKind,
    /// All of it.
    pub place: Place,
}

/// What a scalar can be.
#[derive(Clone, Debug, PartialEq)]
pub enum ScalarKind {
    /// `0.5`
    Number(Rust<Literal>),
    /// `lambda`
    Name(Ident),
    /// `crate::RATE`
    Constant(Rust<syn::Path>),
    /// `learned(0.5)`
    Learned(Number),
}

/// A literal with its sign.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Whether a `-` stands before it.
    pub negative: bool,
    /// The digits.
    pub literal: Rust<Literal>,
    /// All of it.
    pub place: Place,
}

impl Number {
    /// Its value with its sign; `None` for `1u8`.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        let value: f64 = match syn::parse_str(&self.literal.0.to_string()).ok()? {
            syn::Lit::Int(literal) if literal.suffix().is_empty() => literal.base10_parse().ok()?,
            syn::Lit::Float(literal) if matches!(literal.suffix(), "" | "f64") => {
                literal.base10_parse().ok()?
            }
            _ => return None,
        };
        Some(if self.negative { -value } else { value })
    }

    /// The whole number that it is, to the last digit: `3`, `-1` and `2.0` are some.
    #[must_use]
    pub fn whole(&self) -> Option<i64> {
        let value: i128 = match syn::parse_str(&self.literal.0.to_string()).ok()? {
            syn::Lit::Int(literal) if literal.suffix().is_empty() => literal.base10_parse().ok()?,
            _ => {
                let value = self.value().filter(|value| value.fract() == 0.0)?;
                format!("{:.0}", value.abs()).parse().ok()?
            }
        };
        i64::try_from(if self.negative { -value } else { value }).ok()
    }
}
