//! What several seeds tell of a mean.

#[path = "spread.rs"]
pub(crate) mod spread;

use std::fmt::{self, Display, Formatter};

use spread::Spread;

/// A mean and its standard error.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mean {
    pub(crate) value: f64,
    pub(crate) error: f64,
    seeds: usize,
}

impl Mean {
    #[allow(clippy::cast_precision_loss)] // nobody runs 2⁵³ seeds
    pub(crate) fn of(values: impl ExactSizeIterator<Item = f64> + Clone) -> Self {
        let seeds = values.len();
        let spread = Spread::of(values);
        Self {
            value: spread.mean,
            error: spread.deviation / (seeds as f64).sqrt(),
            seeds,
        }
    }

    /// Whether it is above 0 by more than two standard errors.
    pub(crate) fn is_clear(self) -> bool {
        self.value > 2.0 * self.error
    }

    /// Whether a gain is what was expected, in words.
    pub(crate) fn verdict(self) -> &'static str {
        match self.seeds {
            1 => "one seed has no standard error",
            _ if self.is_clear() => "as expected (more than two standard errors)",
            _ => "BELOW EXPECTATION (more than two standard errors)",
        }
    }
}

impl Display for Mean {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let Self { value, error, .. } = self;
        formatter.pad(&if formatter.sign_plus() {
            format!("{value:+.3} ± {error:.3}")
        } else {
            format!("{value:.3} ± {error:.3}")
        })
    }
}
