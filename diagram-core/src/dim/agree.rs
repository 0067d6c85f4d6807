//! The equation under which two products of dims agree.

use super::facts::difference;
use super::grid::Function;
use super::normal::equation;
use super::polynomial::{AtomId, Atoms, Polynomial, gcd};
use super::{Comparison, Dim, Fact, Facts};

/// How far a point at which an equation holds is looked for: this far along one symbol, and as far as
/// [`OTHERS`] along all others.
const ONE: u64 = 20_000;
const OTHERS: u64 = 8;
/// Along how many symbols it is looked for.
const ALONG: usize = 8;

impl Facts {
    /// Facts under which two dims are equal: those of [`proposal`](Facts::proposal), or else the equation
    /// itself, in its lowest terms: `a * b == 2 * c` for `2 * a * b` and `4 * c`. There are none if no values
    /// of the symbols are found that satisfy it and these facts, or if it would prove nothing.
    #[must_use]
    pub fn agreement(&self, left: &Dim, right: &Dim) -> Vec<Fact> {
        let proposed = self.proposal(left, right);
        let undecided = || {
            let compared = self.compare(left, right);
            matches!(compared, Comparison::Different { .. } | Comparison::Unknown)
        };
        if !proposed.is_empty() || !undecided() {
            return proposed;
        }
        let equation = lowest(left, right).filter(|fact| self.allow(fact));
        let equation = equation.filter(|fact| {
            let with = self.and(std::slice::from_ref(fact));
            with.is_some_and(|all| all.compare(left, right) == Comparison::Equal)
        });
        equation.into_iter().collect()
    }

    /// Whether values of the symbols are found at which an equation and these facts hold.
    fn allow(&self, equation: &Fact) -> bool {
        let (left, right) = (self.apply(&equation.left), self.apply(&equation.right));
        let mut atoms = Atoms::default();
        let Some(difference) = difference(&mut atoms, &left, &right) else {
            return false;
        };
        let mut function = Function::new(&atoms, &difference);
        let symbols = function.symbols().len();
        // A square first, then far along each symbol.
        let square = vec![ONE; symbols];
        let along = (0..symbols.min(ALONG)).map(|one| {
            let mut extents = vec![OTHERS; symbols];
            extents
                .iter_mut()
                .skip(one)
                .take(1)
                .for_each(|far| *far = ONE);
            extents
        });
        let mut boxes = std::iter::once(square).chain(along);
        symbols > 0
            && boxes.any(|extents| {
                let zero = self.find(&mut function, extents.into_iter(), |value| value == 0);
                zero.is_some()
            })
    }
}

/// `left == right`, without the common factors of both sides: a number, or a symbol, which is never 0.
fn lowest(left: &Dim, right: &Dim) -> Option<Fact> {
    let mut atoms = Atoms::default();
    let mut sum = difference(&mut atoms, left, right)?;
    let symbols = atoms.symbols();
    for (_, symbol) in symbols {
        while let Some(less) = without(&sum, symbol) {
            sum = less;
        }
    }
    let mut coefficients = sum.terms().iter().map(|(_, coefficient)| coefficient);
    let shared = coefficients.try_fold(0, |shared, one| Some(gcd(shared, one.checked_abs()?)))?;
    if shared > 1 {
        sum = sum.divided(shared).0;
    }
    equation(&atoms, &sum)
}

/// A sum divided by a symbol, if every term has it as a factor.
fn without(sum: &Polynomial, symbol: AtomId) -> Option<Polynomial> {
    let mut less = Polynomial::default();
    for (monomial, coefficient) in sum.terms() {
        let position = monomial.factors().iter().position(|id| *id == symbol)?;
        let term = Polynomial::scaled_monomial(monomial.without(position), *coefficient);
        less = less.plus(1, &term)?;
    }
    (!less.is_zero()).then_some(less)
}
