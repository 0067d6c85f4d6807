//! The points at which a dim is evaluated if its normal form does not decide a question.

use super::floor_div;
use super::polynomial::{Atom, AtomId, Atoms, Polynomial, gcd};

/// The largest number of points at which one question evaluates; a proof that needs more is not attempted.
pub(super) const MAX_POINTS: u64 = 200_000;

/// A polynomial, ready to be evaluated at many points.
pub(super) struct Function<'a> {
    atoms: &'a [Atom<'a>],
    polynomial: &'a Polynomial,
    /// The symbols that it depends on, by name.
    symbols: Vec<(&'a str, AtomId)>,
    /// The quotients that it depends on, each after its parts.
    quotients: Vec<(AtomId, &'a Polynomial, &'a Polynomial)>,
    /// The values of the atoms at the present point.
    values: Vec<i128>,
}

/// The dependence of a function on one symbol: on each residue class of the symbol modulo `period` it is a
/// polynomial of at most this degree with integer coefficients.
#[derive(Clone, Copy)]
pub(super) struct Dependence {
    pub(super) degree: i128,
    pub(super) period: i128,
}

impl Dependence {
    const NONE: Dependence = Dependence {
        degree: 0,
        period: 1,
    };
}

impl<'a> Function<'a> {
    pub(super) fn new(atoms: &'a Atoms<'a>, polynomial: &'a Polynomial) -> Self {
        let known = atoms.known();
        let mut needed = vec![false; known.len()];
        let need = |needed: &mut Vec<bool>, sum: &Polynomial| {
            let factors = sum
                .terms()
                .iter()
                .flat_map(|(monomial, _)| monomial.factors());
            factors.for_each(|id| needed[*id] = true);
        };
        need(&mut needed, polynomial);
        let mut quotients = Vec::new();
        for (id, atom) in known.iter().enumerate().rev() {
            if let (true, Atom::Quotient(dividend, divisor)) = (needed[id], atom) {
                need(&mut needed, dividend);
                need(&mut needed, divisor);
                quotients.push((id, dividend, divisor));
            }
        }
        quotients.reverse();
        let mut symbols = atoms.symbols();
        symbols.retain(|(_, id)| needed[*id]);
        Function {
            atoms: known,
            polynomial,
            symbols,
            quotients,
            values: vec![0; known.len()],
        }
    }

    pub(super) fn symbols(&self) -> &[(&'a str, AtomId)] {
        &self.symbols
    }

    /// The value at a point, one coordinate per symbol; `None` at an overflow or a division by zero.
    pub(super) fn at(&mut self, point: &[u64]) -> Option<i128> {
        for ((_, id), coordinate) in self.symbols.iter().zip(point) {
            self.values[*id] = i128::from(*coordinate);
        }
        for (id, dividend, divisor) in &self.quotients {
            let (dividend, divisor) = (self.sum(dividend)?, self.sum(divisor)?);
            self.values[*id] = floor_div(dividend, divisor)?;
        }
        self.sum(self.polynomial)
    }

    fn sum(&self, sum: &Polynomial) -> Option<i128> {
        sum.terms()
            .iter()
            .try_fold(0_i128, |total, (monomial, coefficient)| {
                let mut factors = monomial.factors().iter();
                let term = factors.try_fold(*coefficient, |product, id| {
                    product.checked_mul(self.values[*id])
                });
                total.checked_add(term?)
            })
    }

    /// The dependence on each symbol; `None` if a divisor is no constant.
    pub(super) fn dependences(&self) -> Option<Vec<Dependence>> {
        self.symbols
            .iter()
            .map(|(_, id)| self.dependence(*id))
            .collect()
    }

    fn dependence(&self, symbol: AtomId) -> Option<Dependence> {
        let mut of = vec![Dependence::NONE; self.atoms.len()];
        of[symbol].degree = 1;
        for (id, dividend, divisor) in &self.quotients {
            of[*id] = depends(dividend, divisor.as_constant()?, &of)?;
        }
        depends(self.polynomial, 1, &of)
    }
}

/// The dependence of ⌊`sum` / `divisor`⌋ on a symbol, given that of the atoms. Along u, a monomial of period m
/// is a polynomial in u with integer coefficients at m·u + r. So c times it changes only by multiples of the
/// divisor k along multiples of k / gcd(c, k), and those leave the floor.
fn depends(sum: &Polynomial, divisor: i128, of: &[Dependence]) -> Option<Dependence> {
    sum.terms()
        .iter()
        .try_fold(Dependence::NONE, |whole, (monomial, coefficient)| {
            let mut factors = monomial.factors().iter().map(|id| of[*id]);
            let term = factors.try_fold(Dependence::NONE, |term, factor| {
                let degree = term.degree.checked_add(factor.degree)?;
                Some(Dependence {
                    degree,
                    period: lcm(term.period, factor.period)?,
                })
            })?;
            if term.degree == 0 {
                return Some(whole);
            }
            let steps = divisor / gcd(divisor, coefficient.checked_abs()?);
            let period = lcm(whole.period, term.period.checked_mul(steps)?)?;
            Some(Dependence {
                degree: whole.degree.max(term.degree),
                period,
            })
        })
}

fn lcm(left: i128, right: i128) -> Option<i128> {
    (left / gcd(left, right)).checked_mul(right)
}

/// The points of a box that starts at 1 in every coordinate. The last coordinate changes first.
#[derive(Clone)]
pub(super) struct Grid {
    extents: Vec<u64>,
}

impl Grid {
    /// A box with these extents. If it has more than `limit` points, its longest extents are halved.
    pub(super) fn within(limit: u64, extents: impl IntoIterator<Item = u64>) -> Self {
        let mut extents: Vec<u64> = extents
            .into_iter()
            .map(|extent| extent.min(limit))
            .collect();
        let points = |extents: &[u64]| extents.iter().fold(1, |all: u64, e| all.saturating_mul(*e));
        while points(&extents) > limit {
            if let Some(longest) = extents.iter_mut().max() {
                *longest /= 2;
            }
        }
        Grid { extents }
    }

    /// The box on which agreement proves that two functions are equal, if their difference depends on its
    /// symbols in this way, and whether the whole box has at most [`MAX_POINTS`].
    pub(super) fn deciding(dependences: &[Dependence]) -> (Self, bool) {
        let extents: Vec<u64> = dependences
            .iter()
            .map(|Dependence { degree, period }| {
                let extent = degree
                    .checked_add(1)
                    .and_then(|count| count.checked_mul(*period));
                extent
                    .and_then(|extent| u64::try_from(extent).ok())
                    .unwrap_or(u64::MAX)
            })
            .collect();
        let grid = Grid::within(MAX_POINTS, extents.iter().copied());
        let whole = grid.extents == extents;
        (grid, whole)
    }

    pub(super) fn extents(&self) -> impl Iterator<Item = u64> {
        self.extents.iter().copied()
    }

    /// The first result that `visit` returns at a point.
    pub(super) fn find<T>(&self, mut visit: impl FnMut(&[u64]) -> Option<T>) -> Option<T> {
        let mut point = vec![1; self.extents.len()];
        loop {
            if let Some(found) = visit(&point) {
                return Some(found);
            }
            let mut axes = (0..point.len()).rev();
            let next = axes.find(|axis| point[*axis] < self.extents[*axis])?;
            point[next] += 1;
            point[next + 1..].fill(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dim::{Dim, Op};

    fn op(op: Op, left: impl Into<Dim>, right: impl Into<Dim>) -> Dim {
        Dim::binary(op, left.into(), right.into())
    }

    fn dependence(dim: &Dim) -> Option<(i128, i128)> {
        let mut atoms = Atoms::default();
        let normal = atoms.read(dim)?;
        let dependences = Function::new(&atoms, &normal).dependences()?;
        dependences
            .first()
            .map(|Dependence { degree, period }| (*degree, *period))
    }

    #[test]
    fn periods_multiply_along_nested_quotients() {
        let h = || Dim::symbol("h");
        let quarter = op(Op::Div, h(), 4);
        assert_eq!(dependence(&quarter), Some((1, 4)));
        let three_sixteenths = op(Op::Div, op(Op::Mul, 3, quarter.clone()), 4);
        assert_eq!(dependence(&three_sixteenths), Some((1, 16)));
        // Side by side their least common multiple is enough.
        let sum = op(Op::Add, quarter.clone(), op(Op::Div, h(), 6));
        assert_eq!(dependence(&sum), Some((1, 12)));
        assert_eq!(dependence(&op(Op::Mul, h(), quarter)), Some((2, 4)));
        // What the coefficient shares with the divisor is no part of the period.
        let shared = op(
            Op::Div,
            op(Op::Add, op(Op::Mul, 2, h()), Dim::symbol("w")),
            4,
        );
        assert_eq!(dependence(&shared), Some((1, 2)));
        assert_eq!(dependence(&op(Op::Div, h(), Dim::symbol("w"))), None);
    }

    #[test]
    fn a_box_is_visited_in_order_and_cut_where_it_is_longest() {
        let mut visited = Vec::new();
        let nothing: Option<()> = Grid::within(100, [2, 3]).find(|point| {
            visited.push(point.to_vec());
            None
        });
        assert_eq!(nothing, None);
        assert_eq!(visited, [[1, 1], [1, 2], [1, 3], [2, 1], [2, 2], [2, 3]]);
        assert_eq!(Grid::within(100, [2, u64::MAX]).extents, [2, 50]);
        assert_eq!(Grid::within(4, [2; 4]).extents.iter().product::<u64>(), 4);
        assert_eq!(Grid::within(4, []).find(|point| Some(point.len())), Some(0));
    }
}
