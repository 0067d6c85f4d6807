//! Whether a dim is positive.

use super::facts::Constants;
use super::grid::{Function, Grid};
use super::normal::{assignment, named};
use super::polynomial::{Atom, AtomId, Atoms, Polynomial};
use super::{Dim, Fact, Facts, Op, Relation};

/// The largest number of points at which a value that is not positive is looked for.
const MAX_POINTS: u64 = 10_000;

/// Whether a dim is positive, as every extent must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Positivity {
    /// It is positive at all values of the symbols.
    Always,
    /// It is not positive at some values of the symbols.
    Sometimes {
        /// The first such values, one for each symbol, by name.
        witness: Vec<(String, u64)>,
        /// The value of the dim there, 0 or less.
        value: i128,
    },
    /// It is positive at no values of the symbols.
    Never {
        /// The first values, one for each symbol, by name; empty for a constant.
        witness: Vec<(String, u64)>,
        /// The value of the dim there, 0 or less.
        value: i128,
    },
    /// None of these was proved.
    Unknown,
}

impl Positivity {
    /// The answer in a few words: `is 0 at h = 1`.
    #[must_use]
    pub fn explanation(&self) -> String {
        match self {
            Positivity::Always => "is always positive".to_owned(),
            Positivity::Sometimes { witness, value } | Positivity::Never { witness, value } => {
                if witness.is_empty() {
                    format!("is {value}")
                } else {
                    format!("is {value} at {}", assignment(witness))
                }
            }
            Positivity::Unknown => "is not known to be positive".to_owned(),
        }
    }
}

/// Whether a dim is positive for all values of its symbols, each of which is at least 1.
#[must_use]
pub fn positivity(dim: &Dim) -> Positivity {
    Facts::default().positivity(dim)
}

impl Facts {
    /// Whether a dim is positive for all values of its symbols at which the facts hold.
    ///
    /// The proof writes every symbol and every quotient as its least value plus a number that is not negative.
    /// The dim is positive if then no coefficient is negative and the constant is positive. A quotient by a
    /// constant that is subtracted is first replaced by the number that it rounds down. The proof uses bounds
    /// from facts in the same way. If it fails, the first value that is not positive is looked for among small
    /// values of the symbols.
    #[must_use]
    pub fn positivity(&self, dim: &Dim) -> Positivity {
        self.sign(dim).unwrap_or(Positivity::Unknown)
    }

    /// `left >= right`, if it is not proved and only constants occur in the two, so that rustc decides it.
    /// `None` also if it follows from a bound that rustc checks already.
    #[must_use]
    pub fn left_to_rustc(&self, left: &Dim, right: &Dim) -> Option<Fact> {
        let symbols = left.symbols().into_iter().chain(right.symbols());
        if self.constants(symbols) != Constants::All {
            return None;
        }
        let minus = |left: &Dim, right: &Dim| Dim::binary(Op::Sub, left.clone(), right.clone());
        let more = |dim: Dim| Dim::binary(Op::Add, dim, Dim::Literal(1));
        let proved = |least: Dim| self.positivity(&more(least)) == Positivity::Always;
        let difference = minus(left, right);
        let mut bounds = self
            .asserted()
            .iter()
            .filter(|fact| fact.relation == Relation::AtLeast);
        let checked = |fact: &Fact| minus(&difference, &minus(&fact.left, &fact.right));
        let known = proved(difference.clone()) || bounds.any(|fact| proved(checked(fact)));
        (!known).then(|| Fact::at_least(left.clone(), right.clone()))
    }

    fn sign(&self, dim: &Dim) -> Option<Positivity> {
        let new = self.apply(dim);
        let mut atoms = Atoms::default();
        let normal = atoms.read(&new)?;
        let normal = self.reduced(&mut atoms, normal);
        let bounded = self.bounded(&mut atoms);
        let bounds = Bounds::new(&atoms);
        let positive = |sum: &Polynomial| bounds.least(sum).is_some_and(|least| least > 0);
        let exceeds = |bounded: &Polynomial| {
            let more = normal.clone().plus(-1, bounded);
            more.is_some_and(|more| positive(&more))
        };
        if positive(&normal) || bounded.iter().any(exceeds) {
            return Some(Positivity::Always);
        }
        let mut function = Function::new(&atoms, &normal);
        let (at, value) = if self.is_solved() {
            let grid = Grid::within(MAX_POINTS, function.symbols().iter().map(|_| MAX_POINTS));
            // An overflow or a division by zero ends the search without an answer.
            let (point, value) = grid.find(|point| match function.at(point) {
                Some(1..) => None,
                value => Some(value.map(|value| (point.to_vec(), value))),
            })??;
            (named(&function, &point), value)
        } else {
            let extents = function.symbols().iter().map(|_| MAX_POINTS);
            let extents: Vec<_> = extents.collect();
            self.find(&mut function, extents.into_iter(), |value| value <= 0)?
        };
        let witness = self.witness(&[dim], &at)?;
        let negated = normal.scaled(-1).and_then(|negated| bounds.least(&negated));
        Some(match negated {
            Some(0..) => Positivity::Never { witness, value },
            _ => Positivity::Sometimes { witness, value },
        })
    }
}

/// A lower bound of every atom, if one is known; none is negative.
pub(super) struct Bounds<'a> {
    atoms: &'a Atoms<'a>,
    of: Vec<Option<i128>>,
}

impl<'a> Bounds<'a> {
    pub(super) fn new(atoms: &'a Atoms<'a>) -> Self {
        let mut bounds = Bounds {
            atoms,
            of: Vec::new(),
        };
        // What a quotient is made of comes before it.
        for atom in atoms.known() {
            let least = match atom {
                Atom::Symbol(_) => Some(1),
                Atom::Quotient(dividend, divisor) => bounds.least_quotient(dividend, divisor),
            };
            bounds.of.push(least);
        }
        bounds
    }

    fn least_quotient(&self, dividend: &Polynomial, divisor: &Polynomial) -> Option<i128> {
        let dividend = self.least(dividend).filter(|least| *least >= 0)?;
        match divisor.as_constant() {
            Some(number) => dividend.checked_div_euclid(number),
            None => self.least(divisor).filter(|least| *least > 0).map(|_| 0),
        }
    }

    /// A lower bound of a sum.
    pub(super) fn least(&self, sum: &Polynomial) -> Option<i128> {
        let (sum, scale) = self.without_subtracted_floors(sum)?;
        let mut shifted = Polynomial::default();
        for (monomial, coefficient) in sum.terms() {
            let mut product = Polynomial::constant(*coefficient);
            for id in monomial.factors() {
                let least = Polynomial::constant(self.at_least(*id)?);
                product = product.times(&Polynomial::atom(*id).plus(1, &least)?)?;
            }
            shifted = shifted.plus(1, &product)?;
        }
        let mut terms = shifted.terms().iter();
        let grows = terms.all(|(monomial, coefficient)| monomial.is_one() || *coefficient >= 0);
        // The least integer whose multiple by the scale is not below the constant.
        let least = shifted
            .constant_term()
            .checked_neg()?
            .div_euclid(scale)
            .checked_neg()?;
        grows.then_some(least)
    }

    fn at_least(&self, id: AtomId) -> Option<i128> {
        self.of.get(id).copied().flatten()
    }

    /// A sum and a positive number, such that the sum is nowhere above the given sum times the number:
    /// -c·m·⌊p/k⌋, where m is not negative, is at least -c·m·p/k.
    fn without_subtracted_floors(&self, sum: &Polynomial) -> Option<(Polynomial, i128)> {
        let (mut sum, mut scale) = (sum.clone(), 1_i128);
        loop {
            let subtracted = sum
                .terms()
                .iter()
                .enumerate()
                .find_map(|(place, (monomial, c))| {
                    let factors = monomial.factors().iter().enumerate().filter(|_| *c < 0);
                    let mut floors =
                        factors.filter_map(|(at, id)| Some((at, self.atoms.floor(*id)?)));
                    let (at, (dividend, divisor)) = floors.next()?;
                    Some((place, monomial.without(at), *c, dividend, divisor))
                });
            let Some((place, others, coefficient, dividend, divisor)) = subtracted else {
                return Some((sum, scale));
            };
            for id in others.factors() {
                self.at_least(*id)?;
            }
            let replacement = Polynomial::scaled_monomial(others, coefficient).times(dividend)?;
            // Every divisor is at least 2, so an overflow ends what does not end before.
            sum = sum.without(place).scaled(divisor)?.plus(1, &replacement)?;
            scale = scale.checked_mul(divisor)?;
        }
    }
}
