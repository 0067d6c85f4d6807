//! Dims: the extents of shapes, as written.
//!
//! A dim is a literal, a symbol (a hyper-parameter or a dynamic dim, each a positive integer), or
//! arithmetic on those; `/` rounds down. How two dims compare is decided in [`normal`], by what
//! [`facts`] state of them.

use std::fmt;

use serde::{Deserialize, Serialize};

mod agree;
mod divide;
mod fact;
pub mod facts;
mod grid;
pub mod normal;
mod polynomial;
mod positive;
mod propose;
mod serialised;
mod simplify;
mod solve;

pub use fact::{Fact, Relation};
pub use facts::Facts;
pub use normal::{Comparison, Positivity, compare, positivity, simplify};

use serialised::SerialisedDim;

/// How many numbers, symbols and operations a dim may have. Nothing is proved of a longer one, and none is a size in a
/// diagram. It also bounds the depth of dims, and so the stack.
pub const MAX_NODES: usize = 2_000;

/// One extent of a shape, as written: `28`, `hidden`, `2 * hidden + 1`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "SerialisedDim", into = "SerialisedDim")]
pub enum Dim {
    /// A number.
    Literal(u64),
    /// A hyper-parameter or a dynamic dim, by name: a positive integer whose value is known later.
    Symbol(String),
    /// Arithmetic on two dims.
    Binary(Op, Box<Dim>, Box<Dim>),
}

/// An arithmetic operation on dims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`, rounding down
    Div,
    /// `%`
    Rem,
}

impl Op {
    /// Every operation.
    pub const ALL: [Op; 5] = [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Rem];

    /// Its name in a dim as data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Op::Add => "Add",
            Op::Sub => "Sub",
            Op::Mul => "Mul",
            Op::Div => "Div",
            Op::Rem => "Rem",
        }
    }

    /// The operation of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Op::ALL.into_iter().find(|op| op.name() == name)
    }

    /// The operator, as it is written.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Op::Add => "+",
            Op::Sub => "-",
            Op::Mul => "*",
            Op::Div => "/",
            Op::Rem => "%",
        }
    }

    fn precedence(self) -> u8 {
        match self {
            Op::Add | Op::Sub => 1,
            Op::Mul | Op::Div | Op::Rem => 2,
        }
    }
}

/// The reason why a dim has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoValue {
    /// A symbol that has no value yet.
    Unbound(String),
    /// A division by zero.
    DivisionByZero,
    /// A value too large to compute.
    Overflow,
}

impl Dim {
    /// The dim that is called `name`.
    pub fn symbol(name: impl Into<String>) -> Self {
        Dim::Symbol(name.into())
    }

    /// `left op right`, as written; nothing is simplified.
    #[must_use]
    pub fn binary(op: Op, left: Dim, right: Dim) -> Self {
        Dim::Binary(op, Box::new(left), Box::new(right))
    }

    /// The number, if the dim is written as one.
    #[must_use]
    pub fn literal(&self) -> Option<u64> {
        match self {
            Dim::Literal(value) => Some(*value),
            _ => None,
        }
    }

    /// Whether it has more than [`MAX_NODES`] numbers, symbols and operations.
    #[must_use]
    pub fn is_too_long(&self) -> bool {
        self.nodes() > MAX_NODES
    }

    /// How many numbers, symbols and operations it has.
    fn nodes(&self) -> usize {
        // Not recursive, since it guards what is.
        let (mut open, mut count) = (vec![self], 0);
        while let Some(dim) = open.pop() {
            count += 1;
            if let Dim::Binary(_, left, right) = dim {
                open.extend([&**left, &**right]);
            }
        }
        count
    }

    /// The dim as messages show it: a number as it is, anything else in backticks.
    #[must_use]
    pub fn quoted(&self) -> String {
        match self {
            Dim::Literal(value) => value.to_string(),
            dim => format!("`{dim}`"),
        }
    }

    /// Whether it is this symbol alone.
    pub(crate) fn is_symbol(&self, name: &str) -> bool {
        matches!(self, Dim::Symbol(symbol) if symbol == name)
    }

    /// The symbols that occur in it, left to right, each once.
    #[must_use]
    pub fn symbols(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.collect_symbols(&mut found);
        found
    }

    fn collect_symbols<'a>(&'a self, found: &mut Vec<&'a str>) {
        match self {
            Dim::Literal(_) => {}
            Dim::Symbol(name) => {
                if !found.contains(&name.as_str()) {
                    found.push(name);
                }
            }
            Dim::Binary(_, left, right) => {
                left.collect_symbols(found);
                right.collect_symbols(found);
            }
        }
    }

    /// The dim with symbols replaced by their values, where they have one.
    #[must_use]
    pub fn substituted(&self, value_of: &impl Fn(&str) -> Option<Dim>) -> Self {
        match self {
            Dim::Literal(_) => self.clone(),
            Dim::Symbol(name) => value_of(name).unwrap_or_else(|| self.clone()),
            Dim::Binary(op, left, right) => {
                Dim::binary(*op, left.substituted(value_of), right.substituted(value_of))
            }
        }
    }

    /// The value under an assignment of the symbols. It may be zero or negative, because a rule of its own
    /// requires dims to be positive.
    ///
    /// # Errors
    ///
    /// A symbol without a value, a division by zero, or an overflow.
    pub fn evaluate(&self, value_of: &impl Fn(&str) -> Option<u64>) -> Result<i128, NoValue> {
        self.within(value_of, &|_| true)
    }

    /// The value as code computes it with sizes of type `usize`, so that intermediate results must fit as well.
    ///
    /// # Errors
    ///
    /// Those of [`Dim::evaluate`].
    pub fn size(&self, value_of: &impl Fn(&str) -> Option<u64>) -> Result<i128, NoValue> {
        self.within(value_of, &|value| {
            usize::try_from(value.unsigned_abs()).is_ok()
        })
    }

    /// The value, if it and all intermediate results fit.
    fn within(
        &self,
        value_of: &impl Fn(&str) -> Option<u64>,
        fits: &impl Fn(i128) -> bool,
    ) -> Result<i128, NoValue> {
        match self {
            Dim::Literal(value) => Ok(i128::from(*value)),
            Dim::Symbol(name) => value_of(name)
                .map(i128::from)
                .ok_or_else(|| NoValue::Unbound(name.clone())),
            Dim::Binary(op, left, right) => {
                let (left, right) = (left.within(value_of, fits)?, right.within(value_of, fits)?);
                let value = match op {
                    Op::Add => left.checked_add(right),
                    Op::Sub => left.checked_sub(right),
                    Op::Mul => left.checked_mul(right),
                    Op::Div | Op::Rem if right == 0 => return Err(NoValue::DivisionByZero),
                    Op::Div => floor_div(left, right),
                    Op::Rem => floor_div(left, right)
                        .and_then(|quotient| quotient.checked_mul(right))
                        .and_then(|multiple| left.checked_sub(multiple)),
                };
                value.filter(|value| fits(*value)).ok_or(NoValue::Overflow)
            }
        }
    }

    fn precedence(&self) -> u8 {
        match self {
            Dim::Literal(_) | Dim::Symbol(_) => 3,
            Dim::Binary(op, ..) => op.precedence(),
        }
    }
}

/// Division rounding towards minus infinity, as dims divide everywhere.
fn floor_div(left: i128, right: i128) -> Option<i128> {
    let quotient = left.checked_div(right)?;
    let exact = quotient.checked_mul(right)? == left;
    if exact || (left < 0) == (right < 0) {
        Some(quotient)
    } else {
        quotient.checked_sub(1)
    }
}

impl From<u64> for Dim {
    fn from(value: u64) -> Self {
        Dim::Literal(value)
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Dim::Literal(value) => write!(out, "{value}"),
            Dim::Symbol(name) => out.write_str(name),
            Dim::Binary(op, left, right) => {
                // All operators are left-associative, so a right operand of equal strength needs
                // its parentheses.
                let parenthesise = |out: &mut fmt::Formatter<'_>, dim: &Dim, needed: bool| {
                    if needed {
                        write!(out, "({dim})")
                    } else {
                        write!(out, "{dim}")
                    }
                };
                parenthesise(out, left, left.precedence() < op.precedence())?;
                write!(out, " {} ", op.symbol())?;
                parenthesise(out, right, right.precedence() <= op.precedence())
            }
        }
    }
}
