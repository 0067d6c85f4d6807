//! Facts: statements of a diagram about its dims.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Dim, NoValue, Op};

/// A statement about two dims: `hidden % heads == 0`, `side >= 8`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// The left dim.
    pub left: Dim,
    /// How the left dim compares with the right one.
    pub relation: Relation,
    /// The right dim.
    pub right: Dim,
}

/// The relation of two dims in a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Relation {
    /// The left dim equals the right one.
    #[serde(rename = "==")]
    Equal,
    /// The left dim is at least the right one.
    #[serde(rename = ">=")]
    AtLeast,
}

impl Fact {
    /// `left == right`
    #[must_use]
    pub fn equal(left: Dim, right: Dim) -> Self {
        Fact {
            left,
            relation: Relation::Equal,
            right,
        }
    }

    /// `left >= right`
    #[must_use]
    pub fn at_least(left: Dim, right: Dim) -> Self {
        Fact {
            left,
            relation: Relation::AtLeast,
            right,
        }
    }

    /// `dim % divisor == rest`
    #[must_use]
    pub fn remainder(dim: Dim, divisor: Dim, rest: u64) -> Self {
        Fact::equal(Dim::binary(Op::Rem, dim, divisor), Dim::Literal(rest))
    }

    /// The symbols that occur in it, left to right, each once.
    #[must_use]
    pub fn symbols(&self) -> Vec<&str> {
        let mut symbols = self.left.symbols();
        for symbol in self.right.symbols() {
            if !symbols.contains(&symbol) {
                symbols.push(symbol);
            }
        }
        symbols
    }

    /// Whether it holds under an assignment of the symbols.
    ///
    /// # Errors
    ///
    /// One of its dims has no value, as in [`Dim::evaluate`].
    pub fn holds(&self, value_of: &impl Fn(&str) -> Option<u64>) -> Result<bool, NoValue> {
        let (left, right) = (
            self.left.evaluate(value_of)?,
            self.right.evaluate(value_of)?,
        );
        Ok(match self.relation {
            Relation::Equal => left == right,
            Relation::AtLeast => left >= right,
        })
    }

    /// The fact with symbols replaced by their values, where they have one.
    pub(super) fn substituted(&self, value_of: &impl Fn(&str) -> Option<Dim>) -> Self {
        Fact {
            left: self.left.substituted(value_of),
            relation: self.relation,
            right: self.right.substituted(value_of),
        }
    }
}

impl Relation {
    /// The operator, as it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Relation::Equal => "==",
            Relation::AtLeast => ">=",
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{} {} {}",
            self.left,
            self.relation.symbol(),
            self.right
        )
    }
}
