//! Dims as they are evaluated.

use super::{Arithmetic, Bound, SYMBOLS};

/// How many values of a symbol are tried where no number of them is a proof.
const FEW: u128 = 4;

/// A value, if there is one yet, and how it depends on the one symbol that is looked at: on each residue
/// class of that symbol modulo `period` it is a polynomial of at most this degree, with integer
/// coefficients along the class.
#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) value: Option<i128>,
    degree: u128,
    period: u128,
    /// How much was read for it.
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

    /// A symbol without a value: of degree 1 if it is the one that is looked at, else 0.
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

    /// What stands here in a code, and all that belongs to it.
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

    /// What an operation gives.
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
            // Of any other divisor no such thing is known.
            ('/' | '%', _) => FEW,
            _ => 1,
        };
        Size {
            value: match (self.value, other.value) {
                (Some(left), Some(right)) => arithmetic(sign, left, right),
                _ => None,
            },
            degree,
            // What does not depend on the symbol is the same on all its classes.
            period: match degree {
                0 => 1,
                _ => common_multiple(self.period, other.period).saturating_mul(times),
            },
            steps: self.steps + other.steps + 1,
        }
    }

    /// On how many consecutive values of the symbol it is 0 only if it is 0 everywhere.
    pub(super) const fn extent(self) -> u128 {
        match self.degree {
            0 => 1,
            degree => degree.saturating_add(1).saturating_mul(self.period),
        }
    }
}

/// The value of an operation, where it has one; quotients are rounded down.
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
