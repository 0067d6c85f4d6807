//! Which numbers an argument of a layer or loss may be.

use std::fmt;
use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::dim::Dim;
use crate::scalar::Number;

/// A range of numbers; displayed in words. An infinite value or NaN is in no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Its lower end.
    pub low: Bound<i32>,
    /// Its upper end.
    pub high: Bound<i32>,
    /// Whether 0 is left out.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_zero: bool,
}

impl Range {
    /// Every finite number.
    pub const ANY: Range = Range {
        low: Bound::Unbounded,
        high: Bound::Unbounded,
        without_zero: false,
    };
    /// Greater than 0.
    pub const POSITIVE: Range = Range {
        low: Bound::Excluded(0),
        ..Range::ANY
    };
    /// At least 0.
    pub const NOT_NEGATIVE: Range = Range::at_least(0);
    /// At least 0 and less than 1.
    pub const PROBABILITY: Range = Range::at_least(0).below(1);
    /// Other than 0.
    pub const NOT_ZERO: Range = Range {
        without_zero: true,
        ..Range::ANY
    };

    /// This number and those above it.
    #[must_use]
    pub const fn at_least(low: i32) -> Range {
        Range {
            low: Bound::Included(low),
            ..Range::ANY
        }
    }

    /// The same range without this number and those above it.
    #[must_use]
    pub const fn below(self, high: i32) -> Range {
        Range {
            high: Bound::Excluded(high),
            ..self
        }
    }

    /// The same range without the numbers above this one.
    #[must_use]
    pub const fn at_most(self, high: i32) -> Range {
        Range {
            high: Bound::Included(high),
            ..self
        }
    }

    /// The least and the greatest non-negative whole number in the range, each if there is one.
    #[must_use]
    pub fn whole(&self) -> (Option<u64>, Option<u64>) {
        let low = match self.low {
            Bound::Included(low) => u64::try_from(low).ok(),
            Bound::Excluded(low) => u64::try_from(i64::from(low) + 1).ok(),
            Bound::Unbounded => None,
        };
        let high = match self.high {
            Bound::Included(high) => u64::try_from(high).ok(),
            Bound::Excluded(high) => u64::try_from(i64::from(high) - 1).ok(),
            Bound::Unbounded => None,
        };
        (low, high)
    }

    /// Whether all its numbers are from 0 to 1, as probabilities are.
    #[must_use]
    pub fn is_of_fractions(&self) -> bool {
        let from = matches!(self.low, Bound::Included(low) | Bound::Excluded(low) if low >= 0);
        let to = matches!(self.high, Bound::Included(high) | Bound::Excluded(high) if high <= 1);
        from && to
    }

    /// This number of percent as a fraction, if the range is one of fractions. Only a number from 2 to below 100 is
    /// read as percent: a lower one is a slip around 1 rather, and 100 percent is all or nothing.
    #[must_use]
    pub fn fraction(&self, percent: Number) -> Option<Number> {
        let meant = (2.0..100.0).contains(&percent.get()) && self.is_of_fractions();
        meant.then(|| percent.hundredth())
    }

    /// Whether a number is in it.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        value.is_finite() && self.contains(&value)
    }

    /// Whether a whole number is in it.
    #[must_use]
    pub fn holds_whole(&self, value: i128) -> bool {
        self.contains(&value)
    }

    fn contains<N: PartialOrd + From<i32>>(&self, value: &N) -> bool {
        let above = match self.low {
            Bound::Included(low) => *value >= low.into(),
            Bound::Excluded(low) => *value > low.into(),
            Bound::Unbounded => true,
        };
        let below = match self.high {
            Bound::Included(high) => *value <= high.into(),
            Bound::Excluded(high) => *value < high.into(),
            Bound::Unbounded => true,
        };
        above && below && !(self.without_zero && *value == 0.into())
    }
}

impl fmt::Display for Range {
    /// `at least 0 and less than 1`
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.low, self.high) {
            (Bound::Unbounded, Bound::Unbounded) if self.without_zero => {
                return out.write_str("other than 0");
            }
            (Bound::Unbounded, Bound::Unbounded) => return out.write_str("a finite number"),
            (Bound::Included(low), Bound::Included(high)) => {
                return write!(out, "from {low} to {high}");
            }
            _ => {}
        }
        match self.low {
            Bound::Included(low) => write!(out, "at least {low}")?,
            Bound::Excluded(low) => write!(out, "greater than {low}")?,
            Bound::Unbounded => {}
        }
        if self.low != Bound::Unbounded && self.high != Bound::Unbounded {
            out.write_str(" and ")?;
        }
        match self.high {
            Bound::Included(high) => write!(out, "at most {high}"),
            Bound::Excluded(high) => write!(out, "less than {high}"),
            Bound::Unbounded => Ok(()),
        }
    }
}

/// An argument that a hyper-parameter gives, and the range that its value must be in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The argument, by name.
    pub argument: String,
    /// The value that is given for it.
    pub given: Limited,
    /// The range of the value.
    pub range: Range,
}

/// A value that a hyper-parameter gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Limited {
    /// A size.
    Size(Dim),
    /// The value of a hyper-parameter of type `f64`, by name.
    Float(String),
}

impl fmt::Display for Limited {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Limited::Size(dim) => dim.fmt(out),
            Limited::Float(name) => out.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, Range};

    #[test]
    fn a_range_says_what_it_holds() {
        for (range, text, inside, outside) in [
            (
                Range::ANY,
                "a finite number",
                &[-2.0, 0.0, 1e300][..],
                &[][..],
            ),
            (
                Range::POSITIVE,
                "greater than 0",
                &[1e-300, 5.0],
                &[0.0, -1.0],
            ),
            (Range::NOT_NEGATIVE, "at least 0", &[0.0, 7.5], &[-1e-9]),
            (Range::NOT_ZERO, "other than 0", &[-1.0, 1e-9], &[0.0, -0.0]),
            (
                Range::PROBABILITY,
                "at least 0 and less than 1",
                &[0.0, 0.999],
                &[1.0, 1.5, -0.1],
            ),
            (
                Range::at_least(0).at_most(1),
                "from 0 to 1",
                &[0.0, 1.0],
                &[1.1, -0.1],
            ),
            (
                Range::POSITIVE.at_most(3),
                "greater than 0 and at most 3",
                &[3.0],
                &[0.0, 4.0],
            ),
            (Range::ANY.below(2), "less than 2", &[-9.0], &[2.0]),
        ] {
            assert_eq!(range.to_string(), text);
            assert!(inside.iter().all(|value| range.holds(*value)), "{text}");
            assert!(!outside.iter().any(|value| range.holds(*value)), "{text}");
            for value in [-2, 0, 1] {
                assert_eq!(
                    range.holds_whole(value.into()),
                    range.holds(value.into()),
                    "{text}"
                );
            }
            for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                assert!(!range.holds(value), "{text}");
            }
        }
    }

    #[test]
    fn percent_of_a_range_of_fractions() {
        let fraction = |range: Range, percent| {
            let percent = Number::new(percent).expect("finite");
            range.fraction(percent).map(|fraction| fraction.to_string())
        };
        let closed = Range::at_least(0).at_most(1);
        for (percent, expected) in [
            (50.0, "0.5"),
            (12.5, "0.125"),
            (33.3, "0.333"),
            (99.9, "0.999"),
            (7.0, "0.07"),
            (2.0, "0.02"),
        ] {
            for range in [Range::PROBABILITY, closed] {
                assert_eq!(fraction(range, percent).as_deref(), Some(expected));
            }
        }
        // All or nothing, slips around 1, and what is not in percent.
        for percent in [100.0, 101.0, 1.99, 1.01, 1.0, 0.5, -5.0] {
            for range in [Range::PROBABILITY, closed] {
                assert_eq!(fraction(range, percent), None, "{percent}");
            }
        }
        for range in [
            Range::ANY,
            Range::NOT_NEGATIVE,
            Range::at_least(-1).at_most(1),
        ] {
            assert_eq!(fraction(range, 50.0), None, "{range}");
        }
    }
}
