//! The normal form: polynomials with `i128` coefficients over symbols and quotients.

use crate::dim::{Dim, Op};

#[cfg(test)]
mod tests;

/// The largest number of terms of a polynomial; a dim that needs more is not decided.
pub(super) const MAX_TERMS: usize = 256;

/// The position of an atom in its [`Atoms`].
pub(super) type AtomId = usize;

/// An indeterminate of a polynomial.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Atom<'a> {
    /// A positive integer.
    Symbol(&'a str),
    /// A quotient, rounded down. If the divisor is a constant, the quotient is in normal form: its coefficients
    /// all lie between 0 and the divisor. If not, nothing is known of it.
    Quotient(Polynomial, Polynomial),
}

/// A product of atoms; the empty product is 1.
#[derive(Clone, Debug, Default)]
pub(super) struct Monomial {
    /// The factors in the order in which they were first written.
    written: Vec<AtomId>,
    sorted: Vec<AtomId>,
}

impl Monomial {
    pub(super) fn factors(&self) -> &[AtomId] {
        &self.written
    }

    pub(super) fn sorted(&self) -> &[AtomId] {
        &self.sorted
    }

    pub(super) fn is_one(&self) -> bool {
        self.written.is_empty()
    }

    fn of(written: Vec<AtomId>) -> Self {
        let mut sorted = written.clone();
        sorted.sort_unstable();
        Monomial { written, sorted }
    }

    fn times(&self, other: &Monomial) -> Monomial {
        Monomial::of([self.factors(), other.factors()].concat())
    }

    /// The product without its factor at `position`.
    pub(super) fn without(&self, position: usize) -> Monomial {
        let mut written = self.written.clone();
        written.remove(position);
        Monomial::of(written)
    }
}

impl PartialEq for Monomial {
    fn eq(&self, other: &Self) -> bool {
        self.sorted == other.sorted
    }
}

/// A sum of monomials, each once, with coefficients other than 0. They stand in the order in which they were
/// first written, which does not matter for equality.
#[derive(Clone, Debug, Default)]
pub(super) struct Polynomial {
    terms: Vec<(Monomial, i128)>,
}

impl PartialEq for Polynomial {
    fn eq(&self, other: &Self) -> bool {
        self.terms.len() == other.terms.len()
            && (self.terms.iter()).all(|(monomial, factor)| other.coefficient(monomial) == *factor)
    }
}

impl Polynomial {
    pub(super) fn constant(value: i128) -> Self {
        Polynomial::scaled_monomial(Monomial::default(), value)
    }

    pub(super) fn atom(id: AtomId) -> Self {
        Polynomial::scaled_monomial(Monomial::of(vec![id]), 1)
    }

    pub(super) fn scaled_monomial(monomial: Monomial, coefficient: i128) -> Self {
        let terms = if coefficient == 0 {
            Vec::new()
        } else {
            vec![(monomial, coefficient)]
        };
        Polynomial { terms }
    }

    pub(super) fn terms(&self) -> &[(Monomial, i128)] {
        &self.terms
    }

    pub(super) fn is_zero(&self) -> bool {
        self.terms.is_empty()
    }

    /// The coefficient of the empty product.
    pub(super) fn constant_term(&self) -> i128 {
        self.coefficient(&Monomial::default())
    }

    /// The value, if it is the same everywhere.
    pub(super) fn as_constant(&self) -> Option<i128> {
        let constant = self.terms.iter().all(|(monomial, _)| monomial.is_one());
        constant.then(|| self.constant_term())
    }

    fn coefficient(&self, monomial: &Monomial) -> i128 {
        let found = self.terms.iter().find(|(known, _)| known == monomial);
        found.map_or(0, |(_, coefficient)| *coefficient)
    }

    fn add_term(&mut self, monomial: Monomial, coefficient: i128) -> Option<()> {
        if let Some(place) = self.terms.iter().position(|(known, _)| *known == monomial) {
            let sum = self.terms[place].1.checked_add(coefficient)?;
            if sum == 0 {
                self.terms.remove(place);
            } else {
                self.terms[place].1 = sum;
            }
        } else if coefficient != 0 {
            if self.terms.len() == MAX_TERMS {
                return None;
            }
            self.terms.push((monomial, coefficient));
        }
        Some(())
    }

    /// `self + factor * other`; `None` at an overflow or above [`MAX_TERMS`], as everywhere here.
    pub(super) fn plus(mut self, factor: i128, other: &Polynomial) -> Option<Polynomial> {
        for (monomial, coefficient) in &other.terms {
            self.add_term(monomial.clone(), coefficient.checked_mul(factor)?)?;
        }
        Some(self)
    }

    pub(super) fn scaled(&self, factor: i128) -> Option<Polynomial> {
        Polynomial::default().plus(factor, self)
    }

    pub(super) fn times(&self, other: &Polynomial) -> Option<Polynomial> {
        let mut product = Polynomial::default();
        for (left, factor) in &self.terms {
            for (right, coefficient) in &other.terms {
                product.add_term(left.times(right), coefficient.checked_mul(*factor)?)?;
            }
        }
        Some(product)
    }

    /// The terms that are added, and those that are subtracted without their sign.
    pub(super) fn by_sign(&self) -> Option<(Polynomial, Polynomial)> {
        let (mut added, mut subtracted) = (Polynomial::default(), Polynomial::default());
        for (monomial, coefficient) in &self.terms {
            let sum = if *coefficient > 0 {
                &mut added
            } else {
                &mut subtracted
            };
            sum.add_term(monomial.clone(), coefficient.checked_abs()?)?;
        }
        Some((added, subtracted))
    }

    /// The sum without the term at `place`.
    pub(super) fn without(&self, place: usize) -> Polynomial {
        let mut rest = self.clone();
        rest.terms.remove(place);
        rest
    }

    /// Every coefficient divided by a positive number, rounded down, and the remainder of each.
    pub(super) fn divided(&self, divisor: i128) -> (Polynomial, Polynomial) {
        let each = |of: fn(i128, i128) -> i128| {
            let terms =
                (self.terms.iter()).map(|(monomial, c)| (monomial.clone(), of(*c, divisor)));
            Polynomial {
                terms: terms.filter(|(_, c)| *c != 0).collect(),
            }
        };
        (each(i128::div_euclid), each(i128::rem_euclid))
    }
}

/// The atoms of one or several dims, each once: two quotients are equal if their ids are.
#[derive(Debug, Default)]
pub(super) struct Atoms<'a> {
    known: Vec<Atom<'a>>,
}

impl<'a> Atoms<'a> {
    /// The atoms by id; the parts of a quotient come before it.
    pub(super) fn known(&self) -> &[Atom<'a>] {
        &self.known
    }

    /// The symbols by name.
    pub(super) fn symbols(&self) -> Vec<(&'a str, AtomId)> {
        let atoms = self.known.iter().enumerate();
        let mut symbols: Vec<_> = atoms
            .filter_map(|(id, atom)| match atom {
                Atom::Symbol(name) => Some((*name, id)),
                Atom::Quotient(..) => None,
            })
            .collect();
        symbols.sort_unstable();
        symbols
    }

    /// The symbol that is the whole sum, if it is one.
    pub(super) fn symbol(&self, sum: &Polynomial) -> Option<&'a str> {
        let [(monomial, 1)] = sum.terms() else {
            return None;
        };
        let [id] = monomial.factors() else {
            return None;
        };
        match self.known.get(*id)? {
            Atom::Symbol(name) => Some(name),
            Atom::Quotient(..) => None,
        }
    }

    /// The atom that a symbol is.
    pub(super) fn id(&self, symbol: &str) -> Option<AtomId> {
        let symbols = self.known.iter();
        symbols
            .into_iter()
            .position(|atom| *atom == Atom::Symbol(symbol))
    }

    /// The quotient that an atom is, with its divisor, if the divisor is a constant.
    pub(super) fn floor(&self, id: AtomId) -> Option<(&Polynomial, i128)> {
        match &self.known[id] {
            Atom::Quotient(dividend, divisor) => Some((dividend, divisor.as_constant()?)),
            Atom::Symbol(_) => None,
        }
    }

    /// The normal form. `None` if there is none within the limits, or if a divisor is a constant below 1.
    pub(super) fn read(&mut self, dim: &'a Dim) -> Option<Polynomial> {
        if dim.is_too_long() {
            return None;
        }
        self.read_part(dim)
    }

    fn read_part(&mut self, dim: &'a Dim) -> Option<Polynomial> {
        let (op, left, right) = match dim {
            Dim::Literal(value) => return Some(Polynomial::constant(i128::from(*value))),
            Dim::Symbol(name) => return Some(Polynomial::atom(self.intern(Atom::Symbol(name)))),
            Dim::Binary(op, left, right) => (op, self.read_part(left)?, self.read_part(right)?),
        };
        match op {
            Op::Add => left.plus(1, &right),
            Op::Sub => left.plus(-1, &right),
            Op::Mul => left.times(&right),
            Op::Div => self.quotient(left, &right),
            Op::Rem => {
                let quotient = self.quotient(left.clone(), &right)?;
                left.plus(-1, &quotient.times(&right)?)
            }
        }
    }

    fn quotient(&mut self, dividend: Polynomial, divisor: &Polynomial) -> Option<Polynomial> {
        match divisor.as_constant() {
            Some(number) if number < 1 => None,
            Some(number) => self.rounded_down(dividend, number),
            None => self.unknown_quotient(&dividend, divisor),
        }
    }

    /// The quotient by a divisor that is no constant: multiples of it are taken out, and factors that all terms
    /// share cancel. Nothing is known of the rest.
    fn unknown_quotient(
        &mut self,
        dividend: &Polynomial,
        divisor: &Polynomial,
    ) -> Option<Polynomial> {
        let parts = dividend.division(divisor);
        let (whole, rest) = parts.unwrap_or_else(|| (Polynomial::default(), dividend.clone()));
        if rest.is_zero() {
            return Some(whole);
        }
        let (over, under) = rest.without_common(divisor);
        let quotient = if under.as_constant().is_none() {
            Polynomial::atom(self.intern(Atom::Quotient(over, under)))
        } else {
            self.quotient(over, &under)?
        };
        whole.plus(1, &quotient)
    }

    /// ⌊`dividend` / `divisor`⌋ by the three rules, for a positive divisor.
    pub(super) fn rounded_down(
        &mut self,
        mut dividend: Polynomial,
        mut divisor: i128,
    ) -> Option<Polynomial> {
        let mut whole = Polynomial::default();
        loop {
            // ⌊(k·q + r)/k⌋ = q + ⌊r/k⌋, coefficient by coefficient.
            let (quotients, rest) = dividend.divided(divisor);
            whole = whole.plus(1, &quotients)?;
            dividend = rest;
            // ⌊(⌊p/a⌋ + q)/b⌋ = ⌊(p + a·q)/(a·b)⌋.
            if let Some((place, inner, by)) = self.lone_floor(&dividend) {
                let inner = inner.clone();
                dividend = inner.plus(by, &dividend.without(place))?;
                divisor = divisor.checked_mul(by)?;
                continue;
            }
            // What divides k and all of p but its constant cancels, the constant rounding down.
            let coefficients = dividend
                .terms
                .iter()
                .filter(|(monomial, _)| !monomial.is_one());
            let common = coefficients.fold(divisor, |common, (_, c)| gcd(common, *c));
            if common == 1 {
                break;
            }
            dividend = dividend.divided(common).0;
            divisor /= common;
        }
        if !dividend.is_zero() {
            let quotient = Atom::Quotient(dividend, Polynomial::constant(divisor));
            whole.add_term(Monomial::of(vec![self.intern(quotient)]), 1)?;
        }
        Some(whole)
    }

    /// A term that is only a quotient by a constant: its position, its dividend and its divisor.
    pub(super) fn lone_floor(&self, sum: &Polynomial) -> Option<(usize, &Polynomial, i128)> {
        let mut terms = sum.terms.iter().enumerate();
        terms.find_map(
            |(place, (monomial, coefficient))| match monomial.factors() {
                [id] if *coefficient == 1 => self
                    .floor(*id)
                    .map(|(dividend, divisor)| (place, dividend, divisor)),
                _ => None,
            },
        )
    }

    fn intern(&mut self, atom: Atom<'a>) -> AtomId {
        let found = self.known.iter().position(|known| *known == atom);
        found.unwrap_or_else(|| {
            self.known.push(atom);
            self.known.len() - 1
        })
    }
}

/// The greatest common divisor of two numbers that are not negative.
pub(super) fn gcd(left: i128, right: i128) -> i128 {
    if right == 0 {
        left
    } else {
        gcd(right, left % right)
    }
}
