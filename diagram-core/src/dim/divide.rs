//! Division of polynomials, with a remainder.

use super::polynomial::{AtomId, Monomial, Polynomial};

/// The largest number of terms that one division takes out.
const MAX_STEPS: usize = 1_000;

impl Monomial {
    /// The order of monomials: by degree, then so that two keep their order when both are multiplied by a
    /// third.
    fn rank(&self) -> (usize, &[AtomId]) {
        (self.sorted().len(), self.sorted())
    }

    /// The product without the factors of another; `None` if it lacks one of them.
    pub(super) fn over(&self, other: &Monomial) -> Option<Monomial> {
        other
            .factors()
            .iter()
            .try_fold(self.clone(), |rest, factor| {
                let place = rest.factors().iter().position(|known| known == factor)?;
                Some(rest.without(place))
            })
    }
}

impl Polynomial {
    /// A quotient q and a remainder r with `self` = q · `divisor` + r, where no term of r is a multiple of the
    /// leading term of the divisor. `None` if there are none within the limits.
    pub(super) fn division(&self, divisor: &Polynomial) -> Option<(Polynomial, Polynomial)> {
        let (lead, factor) =
            (divisor.terms().iter()).max_by_key(|(monomial, _)| monomial.rank())?;
        let (mut quotient, mut rest) = (Polynomial::default(), self.clone());
        for _ in 0..MAX_STEPS {
            let multiples = rest.terms().iter().filter_map(|(monomial, coefficient)| {
                let whole = coefficient.checked_rem(*factor)? == 0;
                let over = monomial.over(lead).filter(|_| whole)?;
                Some((monomial, over, coefficient.checked_div(*factor)?))
            });
            let largest = multiples.max_by_key(|(monomial, ..)| monomial.rank());
            let Some((_, over, times)) = largest else {
                return Some((quotient, rest));
            };
            let term = Polynomial::scaled_monomial(over, times);
            rest = rest.plus(-1, &divisor.times(&term)?)?;
            quotient = quotient.plus(1, &term)?;
        }
        None
    }

    /// Both polynomials without the atoms that are a factor of every term of the two.
    pub(super) fn without_common(&self, other: &Polynomial) -> (Polynomial, Polynomial) {
        let (mut left, mut right) = (self.clone(), other.clone());
        let Some((first, _)) = other.terms().first() else {
            return (left, right);
        };
        for atom in first.factors() {
            let factor = Polynomial::atom(*atom);
            let exact = |sum: &Polynomial| {
                let (quotient, rest) = sum.division(&factor)?;
                rest.is_zero().then_some(quotient)
            };
            if let (Some(over), Some(under)) = (exact(&left), exact(&right)) {
                (left, right) = (over, under);
            }
        }
        (left, right)
    }
}
