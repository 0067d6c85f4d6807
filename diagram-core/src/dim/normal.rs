//! When two dims are equal.
//!
//! Dims are integers, symbols (positive integers), `+`, `-` and `*`, and `/` (rounding down) and `%` by
//! positive constants. The equality of such dims is decided completely:
//!
//! 1. **Normal form.** A dim is read as a polynomial over symbols and quotients ⌊p/k⌋, `p % k` as
//!    `p - k * ⌊p/k⌋`. Quotients are simplified by three rules. Multiples of k are taken out, coefficient by
//!    coefficient. ⌊(⌊p/a⌋ + q)/b⌋ is ⌊(p + a·q)/(a·b)⌋. A divisor of k and of all coefficients of p except the
//!    constant cancels, and the constant is rounded down. Equal normal forms are equal dims.
//! 2. **Grid.** Otherwise the difference is evaluated. On each residue class of each symbol, modulo the period
//!    of the difference in that symbol, it is a polynomial. So zeros on (degree + 1) × period consecutive
//!    values of each symbol are a proof, and any other value there is a counterexample. The period is the least
//!    common multiple, over the occurrences of the symbol, of the product of the divisors around it (so along
//!    nested quotients they multiply), each without the factor that it shares with the coefficient that it
//!    divides.
//! 3. **Constant** is the answer if the difference depends only on constants, whose values rustc alone knows:
//!    it says which fact rustc has to check.
//! 4. **Unknown** is the answer in all other cases: constants among other symbols, a divisor that is no
//!    positive constant (multiples of it are taken out, common factors cancel, and nothing more is known of the
//!    quotient), a proof that needs more than 200,000 points, more than 256 terms, a dim written with more than
//!    2,000 numbers, symbols and operations, or an overflow of `i128`. Unknown never means different.
//!
//! Dims are compared where both have a value; a dim has none where it divides by zero.
//!
//! Known facts about the symbols are substituted in the dims before the normal form: see
//! [`facts`](super::facts).

use super::facts::{Constants, difference};
use super::grid::{Function, Grid};
use super::polynomial::{Atoms, Polynomial};
use super::simplify::written;
use super::{Dim, Fact, Facts};

pub use super::positive::{Positivity, positivity};
pub use super::simplify::simplify;

/// How two dims compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// They are equal at all values of the symbols.
    Equal,
    /// They are not equal at some values of the symbols.
    Different {
        /// The first values at which they differ, one for each symbol of the two, by name; empty for
        /// two constants.
        witness: Vec<(String, u64)>,
        /// The value of the left dim there.
        left: i128,
        /// The value of the right dim there.
        right: i128,
    },
    /// Neither was proved, and rustc decides: they are equal if the constants satisfy this fact.
    Constant(Fact),
    /// Neither was proved.
    Unknown,
}

impl Comparison {
    /// The answer in a few words: `differs at h = 1 (0 is not 1)`.
    #[must_use]
    pub fn explanation(&self) -> String {
        match self {
            Comparison::Equal => "always equal".to_owned(),
            Comparison::Different {
                witness,
                left,
                right,
            } if witness.is_empty() => {
                format!("{left} is not {right}")
            }
            Comparison::Different {
                witness,
                left,
                right,
            } => {
                format!("differs at {} ({left} is not {right})", assignment(witness))
            }
            Comparison::Constant(fact) => format!("equal where `{fact}`"),
            Comparison::Unknown => "not known to be equal".to_owned(),
        }
    }
}

/// Values of symbols as a person reads them: `h = 1, w = 2`.
pub(super) fn assignment(values: &[(String, u64)]) -> String {
    let each: Vec<String> = values
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    each.join(", ")
}

/// Whether two dims are equal for all values of their symbols.
#[must_use]
pub fn compare(left: &Dim, right: &Dim) -> Comparison {
    Facts::default().compare(left, right)
}

impl Facts {
    /// Whether two dims are equal for all values of their symbols at which the facts hold.
    #[must_use]
    pub fn compare(&self, left: &Dim, right: &Dim) -> Comparison {
        if left == right || self.state(left, right) {
            return Comparison::Equal;
        }
        if let (Some(left), Some(right)) = (left.literal(), right.literal()) {
            let (left, right) = (i128::from(left), i128::from(right));
            return Comparison::Different {
                witness: Vec::new(),
                left,
                right,
            };
        }
        match self.decide(left, right) {
            Some(Comparison::Equal) => Comparison::Equal,
            answer => self
                .by_constants(left, right)
                .or(answer)
                .unwrap_or(Comparison::Unknown),
        }
    }

    /// The answer if constants prevent a proof.
    fn by_constants(&self, left: &Dim, right: &Dim) -> Option<Comparison> {
        if !self.has_constants() {
            return None;
        }
        // The facts may put constants there, or give them their values.
        let (constants, by_facts) = self.between(&self.apply(left), &self.apply(right));
        if constants == Constants::None {
            return None;
        }
        let names = left.symbols().into_iter().chain(right.symbols());
        let short = !left.is_too_long() && !right.is_too_long();
        let equation = if short && self.constants(names) == Constants::All {
            Some(Fact::equal(left.clone(), right.clone()))
        } else {
            self.between(left, right).1.or(by_facts)
        };
        Some(match equation {
            Some(Fact { left, right, .. }) if self.assert(&left, &right) => Comparison::Equal,
            Some(equation) => Comparison::Constant(equation),
            None => Comparison::Unknown,
        })
    }

    /// How many of the symbols on which two dims differ are constants; if all are, the fact that must hold for
    /// them.
    fn between(&self, left: &Dim, right: &Dim) -> (Constants, Option<Fact>) {
        let mut atoms = Atoms::default();
        let Some(difference) = difference(&mut atoms, left, right) else {
            let names = left.symbols().into_iter().chain(right.symbols());
            return (self.constants(names), None);
        };
        let function = Function::new(&atoms, &difference);
        let names = || function.symbols().iter().map(|(name, _)| *name);
        let constants = self.constants(names());
        // Rustc knows no symbol that stands for a constant.
        let known = constants == Constants::All && names().all(|name| !name.ends_with('\''));
        let equation = known.then(|| equation(&atoms, &difference)).flatten();
        (constants, equation)
    }

    fn decide(&self, left: &Dim, right: &Dim) -> Option<Comparison> {
        let (new_left, new_right) = (self.apply(left), self.apply(right));
        let mut atoms = Atoms::default();
        // Which term of a condition is divided out depends on what is read first: so that the answer does
        // not, two dims are read in one order.
        let turned = !self.is_solved() && left.to_string() > right.to_string();
        let difference = if turned {
            difference(&mut atoms, &new_right, &new_left)?
        } else {
            difference(&mut atoms, &new_left, &new_right)?
        };
        let difference = self.reduced(&mut atoms, difference);
        if difference.is_zero() {
            return Some(Comparison::Equal);
        }
        let mut function = Function::new(&atoms, &difference);
        let (grid, whole) = Grid::deciding(&function.dependences()?);
        // An overflow ends the search without an answer.
        let found = grid.find(|point| match function.at(point) {
            Some(0) => None,
            value => Some(value.map(|_| point.to_vec())),
        });
        let Some(point) = found else {
            return whole.then_some(Comparison::Equal);
        };
        let at = if self.is_solved() {
            named(&function, &point?)
        } else {
            self.find(&mut function, grid.extents(), |value| value != 0)?
                .0
        };
        let witness = self.witness(&[left, right], &at)?;
        let value = |dim: &Dim| dim.evaluate(&|name| value_in(&witness, name)).ok();
        let (left, right) = (value(left)?, value(right)?);
        // Conditions were divided out of the difference, and hold at the witness.
        (left != right).then_some(Comparison::Different {
            witness,
            left,
            right,
        })
    }
}

/// `sum == 0`, with the subtracted terms on the other side.
pub(super) fn equation(atoms: &Atoms, sum: &Polynomial) -> Option<Fact> {
    let (added, subtracted) = sum.by_sign()?;
    let (left, right) = (written(atoms, &added)?, written(atoms, &subtracted)?);
    // A number stands on the right.
    Some(match left {
        Dim::Literal(_) => Fact::equal(right, left),
        _ => Fact::equal(left, right),
    })
}

/// A point of a function as values of its symbols.
pub(super) fn named(function: &Function, point: &[u64]) -> Vec<(String, u64)> {
    let symbols = function.symbols().iter().zip(point);
    symbols
        .map(|((name, _), value)| ((*name).to_owned(), *value))
        .collect()
}

fn value_in(values: &[(String, u64)], name: &str) -> Option<u64> {
    values
        .iter()
        .find_map(|(known, value)| (known == name).then_some(*value))
}
