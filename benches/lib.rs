//! Benches, and the statistics that they share.
//!
//! | command | measures |
//! |---|---|
//! | `cargo bench -p diagrammatic-benches --bench step` | a generated training step against a hand-written one |
//! | `cargo bench -p diagrammatic-benches --bench expansion` | the expansion of a diagram against its size |
//! | `cargo bench -p diagrammatic-benches --bench diamonds` | the loss of a diagram against its size, and path by path |
//! | `cargo bench -p diagrammatic-benches --bench check` | `cargo check` against the size of a diagram, and against a model by hand |
//!
//! `cargo bench --workspace` runs all. With `-- --quick` each takes seconds and shows only that it
//! runs; so do they, but for `check`, under `cargo test --benches`. No time is asserted: the numbers are for a reader,
//! who knows what else the machine was doing.

use std::fmt;

pub mod diagrams;

/// Whether the bench shows only that it runs. Cargo passes `--bench` where it measures.
#[must_use]
pub fn quick() -> bool {
    let given = |name: &str| std::env::args().any(|argument| argument == name);
    given("--quick") || !given("--bench")
}

/// The median of a sample, with a confidence interval of at least 95 %.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Median {
    /// The lower end of the interval.
    pub low: f64,
    /// The median of the sample.
    pub value: f64,
    /// The upper end of the interval.
    pub high: f64,
}

impl fmt::Display for Median {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = out.precision().unwrap_or(3);
        let Median { low, value, high } = self;
        write!(out, "{value:7.digits$} [{low:.digits$}, {high:.digits$}]")
    }
}

impl Median {
    /// The median of these values; not a number where there is none.
    ///
    /// The ends are order statistics: the number of values below the true median is binomial, with a
    /// chance of one half each, so that two ranks enclose it without any assumption on how the values
    /// scatter. Fewer than 6 values cannot give 95 %; the ends are then the extremes.
    #[must_use]
    pub fn of(values: &[f64]) -> Self {
        let mut values = values.to_vec();
        values.sort_by(f64::total_cmp);
        let count = values.len();
        let rank = rank(count);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let last = count.saturating_sub(1);
        Median {
            low: at(rank),
            value: f64::midpoint(at(last / 2), at(count / 2)),
            high: at(last.saturating_sub(rank)),
        }
    }
}

/// How many values may lie outside the interval on either side: the largest number with a binomial
/// tail of at most 2.5 %.
fn rank(count: usize) -> usize {
    let ln_half_power = -(to_float(count) * std::f64::consts::LN_2);
    let mut ln_choices = 0.0;
    let mut tail = 0.0;
    for below in 0..count {
        tail += f64::exp(ln_choices + ln_half_power);
        if tail > 0.025 {
            return below.saturating_sub(1);
        }
        ln_choices += (to_float(count - below) / to_float(below + 1)).ln();
    }
    0
}

/// A count as a number to compute with.
#[expect(clippy::cast_precision_loss, reason = "counts here are far below 2^52")]
fn to_float(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_the_first(count: u32) -> Median {
        let values: Vec<_> = (1..=count).rev().map(f64::from).collect();
        Median::of(&values)
    }

    #[test]
    fn the_ends_are_those_of_the_sign_test() {
        // Tables of the sign test: the largest k with P(Binomial(n, 1/2) <= k - 1) <= 0.025.
        for (count, rank, value) in [
            (6, 1.0, 3.5),
            (9, 2.0, 5.0),
            (10, 2.0, 5.5),
            (25, 8.0, 13.0),
            (100, 40.0, 50.5),
        ] {
            let expected = Median {
                low: rank,
                value,
                high: f64::from(count) + 1.0 - rank,
            };
            assert_eq!(of_the_first(count), expected);
        }
    }

    #[test]
    fn a_small_sample_has_its_extremes() {
        let expected = Median {
            low: 1.0,
            value: 2.0,
            high: 3.0,
        };
        assert_eq!(of_the_first(3), expected);
        assert!(Median::of(&[]).value.is_nan());
    }
}
