//! A dim as a person would write it.

use super::polynomial::{Atom, AtomId, Atoms, Monomial, Polynomial};
use super::{Dim, MAX_NODES, Op};

/// The dim written from its normal form: `64` for `1 * 8 * 8`, `(h + 1) / 2` for `(h + 2 - 3) / 2 + 1`. Terms
/// and factors keep the order in which they were written. Numbers come before factors and after terms.
///
/// The dim is returned unchanged if its normal form would be longer, adds nothing up (`2 - 3`), or is not found
/// within the limits of [`compare`](super::compare). The result has the value of the dim wherever the dim has
/// one, and simplifies to itself.
#[must_use]
pub fn simplify(dim: &Dim) -> Dim {
    let mut atoms = Atoms::default();
    let normal = atoms.read(dim);
    let simple = normal.and_then(|normal| {
        let mut writer = Writer {
            atoms: &atoms,
            nodes: dim.nodes().min(MAX_NODES),
        };
        writer.sum(&normal)
    });
    simple.unwrap_or_else(|| dim.clone())
}

/// A sum written out; `None` if it is too long or starts with a subtracted term.
pub(super) fn written(atoms: &Atoms, sum: &Polynomial) -> Option<Dim> {
    let nodes = MAX_NODES;
    Writer { atoms, nodes }.sum(sum)
}

struct Writer<'a> {
    atoms: &'a Atoms<'a>,
    /// The number of numbers, symbols and operations that may still be written.
    nodes: usize,
}

impl Writer<'_> {
    fn sum(&mut self, sum: &Polynomial) -> Option<Dim> {
        let mut terms: Vec<_> = sum.terms().iter().collect();
        terms.sort_by_key(|(monomial, _)| monomial.is_one());
        // What is added comes first, since there is no sign to put in front of what is subtracted.
        let added = terms.iter().position(|(_, coefficient)| *coefficient > 0);
        let mut written = match added {
            Some(place) => {
                let (monomial, coefficient) = terms.remove(place);
                self.term(monomial, *coefficient)?
            }
            None if terms.is_empty() => self.number(0)?,
            // Such a dim is nowhere positive; how it came about says more.
            None => return None,
        };
        for (monomial, coefficient) in terms {
            let op = if *coefficient > 0 { Op::Add } else { Op::Sub };
            let term = self.term(monomial, *coefficient)?;
            written = self.binary(op, written, term)?;
        }
        Some(written)
    }

    /// A term without its sign.
    fn term(&mut self, monomial: &Monomial, coefficient: i128) -> Option<Dim> {
        let number = u64::try_from(coefficient.unsigned_abs()).ok()?;
        let mut written = match number {
            1 if !monomial.is_one() => None,
            _ => Some(self.number(number)?),
        };
        for id in monomial.factors() {
            let factor = self.atom(*id)?;
            written = Some(match written {
                Some(product) => self.binary(Op::Mul, product, factor)?,
                None => factor,
            });
        }
        written
    }

    fn atom(&mut self, id: AtomId) -> Option<Dim> {
        match &self.atoms.known()[id] {
            Atom::Symbol(name) => self.spend(Dim::symbol(*name)),
            Atom::Quotient(dividend, divisor) => {
                let (dividend, divisor) = (self.sum(dividend)?, self.sum(divisor)?);
                self.binary(Op::Div, dividend, divisor)
            }
        }
    }

    fn number(&mut self, value: u64) -> Option<Dim> {
        self.spend(Dim::Literal(value))
    }

    fn binary(&mut self, op: Op, left: Dim, right: Dim) -> Option<Dim> {
        self.spend(Dim::binary(op, left, right))
    }

    fn spend(&mut self, dim: Dim) -> Option<Dim> {
        self.nodes = self.nodes.checked_sub(1)?;
        Some(dim)
    }
}
