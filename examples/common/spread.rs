//! What several seeds give.

use std::fmt::{self, Display, Formatter};

/// A mean and a standard deviation, 0 for a single value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) mean: f64,
    pub(crate) deviation: f64,
}

impl Spread {
    #[allow(clippy::cast_precision_loss)] // nobody runs 2⁵³ seeds
    pub(crate) fn of(values: impl ExactSizeIterator<Item = f64> + Clone) -> Self {
        let count = values.len() as f64;
        let mean = values.clone().sum::<f64>() / count;
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
        Self { mean, deviation }
    }
}

impl Display for Spread {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.pad(&format!("{:.3} ± {:.3}", self.mean, self.deviation))
    }
}
