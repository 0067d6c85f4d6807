//! A number that a loss takes: plain, or learned with the model.

use burn::tensor::Tensor;

/// A number that a loss takes: an `f64`, or a tensor of shape `[1]`, which gets a gradient.
///
/// [`Learned::value`](crate::Learned::value) is such a tensor.
///
/// # Example
///
/// ```
/// use diagrammatic::{Learned, burn::prelude::*, loss::kl};
///
/// let device = Device::default().autodiff();
/// let student = Tensor::<2>::from_data([[1.0, 2.0, 3.0]], &device);
/// let teacher = Tensor::<2>::from_data([[3.0, 1.0, 0.0]], &device);
/// let temperature = Learned::new(4.0, &device);
/// let value = kl(student, teacher, temperature.value()).mean();
/// assert!((value.clone().into_scalar::<f32>() - 2.154_541).abs() < 1e-5);
/// let gradients = value.backward();
/// assert!(temperature.log.val().grad(&gradients).is_some());
/// ```
pub trait Scalar: Clone + sealed::Scalar {
    /// The tensor plus this number.
    #[must_use]
    fn plus<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The tensor minus this number.
    #[must_use]
    fn less<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The tensor times this number.
    #[must_use]
    fn times<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The tensor divided by this number.
    #[must_use]
    fn divide<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The smaller of each entry and this number.
    #[must_use]
    fn at_most<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The larger of each entry and this number.
    #[must_use]
    fn at_least<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D>;

    /// The square of this number.
    #[must_use]
    fn squared(self) -> Self;
}

impl Scalar for f64 {
    fn plus<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor + self
    }

    fn less<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor - self
    }

    fn times<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        if is_one(self) { tensor } else { tensor * self }
    }

    fn divide<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        if is_one(self) { tensor } else { tensor / self }
    }

    fn at_most<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor.clamp_max(self)
    }

    fn at_least<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor.clamp_min(self)
    }

    fn squared(self) -> Self {
        self * self
    }
}

/// Whether a multiplication by this number changes nothing and can be left out.
#[expect(clippy::float_cmp, reason = "only exactly 1 changes nothing")]
fn is_one(number: f64) -> bool {
    number == 1.0
}

/// Of shape `[1]`.
impl Scalar for Tensor<1> {
    fn plus<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor + self.reshape([1; D])
    }

    fn less<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor - self.reshape([1; D])
    }

    fn times<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor * self.reshape([1; D])
    }

    fn divide<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        tensor / self.reshape([1; D])
    }

    fn at_most<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        let dims = tensor.dims();
        tensor.min_pair(self.reshape([1; D]).expand(dims))
    }

    fn at_least<const D: usize>(self, tensor: Tensor<D>) -> Tensor<D> {
        let dims = tensor.dims();
        tensor.max_pair(self.reshape([1; D]).expand(dims))
    }

    fn squared(self) -> Self {
        self.square()
    }
}

mod sealed {
    pub trait Scalar {}
    impl Scalar for f64 {}
    impl Scalar for burn::tensor::Tensor<1> {}
}
