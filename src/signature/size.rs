//! Dims as they are evaluated.

use super::{Arithmetic, Bound, SYMBOLS};

/// The number of values of a symbol that are tried if no number of values is a proof.
const FEW: u128 = 4;

/// A value, if there is one yet, and its dependence on the one symbol that is examined: on each residue
/// class of that symbol modulo `period` the value is a polynomial of at most this degree, with integer
/// coefficients along the class.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) value: Option<i128>,
    degree: u128,
    period: u128,
    /// The number of numbers, symbols and operations that were read for it.
    pub(super) steps: usize,
}

impl Size {
    pub(super) const fn number(number: i128) -> Self {
        let value = Some(number);
        Size {
            value,
            ..Size::symbol(0)
        }
    }

    /// A symbol without a value: of degree 1 if it is the one that is examined, else of degree 0.
    pub(super) const fn symbol(degree: u128) -> Self {
        Size {
            value: None,
            degree,
            period: 1,
            steps: 1,
        }
    }

    /// A dim, where the symbols of the grid are these; with `bound`, a dim of a signature.
    pub(super) const fn of(
        code: Arithmetic,
        grid: &[Size; SYMBOLS],
        bound: Option<&Bound>,
    ) -> Self {
        Size::read(code, &mut 0, grid, bound)
    }

    /// The number, symbol or operation at this place in a code, with its operands.
    const fn read(
        code: Arithmetic,
        at: &mut usize,
        grid: &[Size; SYMBOLS],
        bound: Option<&Bound>,
    ) -> Self {
        if *at >= code.len() {
            return Size::symbol(0);
        }
        let (sign, number) = code[*at];
        *at += 1;
        match (sign, bound) {
            ('n', _) => Size::number(number as i128),
            ('s', None) => grid[number],
            ('s', Some(bound)) => Size::of(bound[number].1, grid, None),
            _ => {
                let left = Size::read(code, at, grid, bound);
                left.and(sign, Size::read(code, at, grid, bound))
            }
        }
    }

    /// The result of an operation.
    pub(super) const fn and(self, sign: char, other: Size) -> Self {
        let degree = match sign {
            '*' => self.degree.saturating_add(other.degree),
            _ if self.degree > other.degree => self.degree,
            _ => other.degree,
        };
        let times = match (sign, other.value) {
            // Along multiples of the divisor a polynomial changes by multiples of it, and those leave
            // the quotient.
            ('/' | '%', Some(divisor @ 1..)) => divisor.unsigned_abs(),
            // For any other divisor no such statement is known.
            ('/' | '%', _) => FEW,
            _ => 1,
        };
        Size {
            value: match (self.value, other.value) {
                (Some(left), Some(right)) => arithmetic(sign, left, right),
                _ => None,
            },
            degree,
            // A value that does not depend on the symbol is the same on all its classes.
            period: match degree {
                0 => 1,
                _ => common_multiple(self.period, other.period).saturating_mul(times),
            },
            steps: self.steps + other.steps + 1,
        }
    }

    /// The number n such that a value that is 0 at n consecutive values of the symbol is 0 everywhere.
    pub(super) const fn extent(self) -> u128 {
        match self.degree {
            0 => 1,
            degree => degree.saturating_add(1).saturating_mul(self.period),
        }
    }
}

/// The value of an operation, if it has one; quotients are rounded down.
const fn arithmetic(sign: char, left: i128, right: i128) -> Option<i128> {
    match sign {
        '+' => left.checked_add(right),
        '-' => left.checked_sub(right),
        '*' => left.checked_mul(right),
        '/' if right > 0 => Some(left.div_euclid(right)),
        '%' if right > 0 => Some(left.rem_euclid(right)),
        _ => None,
    }
}

const fn common_multiple(left: u128, right: u128) -> u128 {
    let (mut divisor, mut rest) = (left, right);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    (left / divisor).saturating_mul(right)
}
