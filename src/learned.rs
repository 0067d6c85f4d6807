//! Scalars that are trained: `learned(0.07)`.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Tensor};

/// A positive number that is trained, kept as its logarithm.
///
/// `info_nce(temperature = learned(0.07))` and `weight learned` in a diagram become one such scalar each: a
/// field of `model.learned`, named after the cell, or the ends of a cell without a name, and the argument.
///
/// # Example
///
/// ```
/// use diagrammatic::{Learned, burn::prelude::*};
///
/// let temperature = Learned::new(0.07, &Device::default());
/// let value = temperature.value().into_scalar::<f32>();
/// assert!((value - 0.07).abs() < 1e-6);
/// ```
#[derive(Module, Debug)]
pub struct Learned {
    /// Its logarithm, of shape `[1]`.
    pub log: Param<Tensor<1>>,
}

impl Learned {
    /// A scalar that starts at this number, which is greater than 0.
    #[must_use]
    pub fn new(start: f64, device: &Device) -> Self {
        let value = start.ln();
        Learned {
            log: Initializer::Constant { value }.init([1], device),
        }
    }

    /// Its present value, of shape `[1]`, with a gradient.
    #[must_use]
    pub fn value(&self) -> Tensor<1> {
        self.log.val().exp()
    }

    /// Its present value, of shape `[1]`, without a gradient.
    #[must_use]
    pub fn fixed_value(&self) -> Tensor<1> {
        self.log.val().detach().exp()
    }

    /// The part of the total that a cell adds if this is its weight w: w · value − log(w) / 2.
    ///
    /// With s = −log w, the logarithm of a variance σ², that is exp(−s) · value + s / 2 (Kendall, Gal and
    /// Cipolla 2018, [arXiv 1705.07115](https://arxiv.org/abs/1705.07115), equations 7 and 10). The weight
    /// settles at 1 / (2 · value): a cell with a large value counts less, and no cell is turned off.
    ///
    /// # Example
    ///
    /// ```
    /// use diagrammatic::{Learned, burn::prelude::*};
    ///
    /// let device = Device::default();
    /// let value = Tensor::<1>::from_data([3.0], &device);
    /// let total = Learned::new(1.0, &device).weigh(value.clone()).into_scalar::<f32>();
    /// assert!((total - 3.0).abs() < 1e-6);
    /// let total = Learned::new(0.5, &device).weigh(value).into_scalar::<f32>();
    /// assert!((total - (1.5 + 2.0_f32.ln() / 2.0)).abs() < 1e-6);
    /// ```
    #[must_use]
    pub fn weigh(&self, value: Tensor<1>) -> Tensor<1> {
        value * self.value() - self.log.val() * 0.5
    }
}
