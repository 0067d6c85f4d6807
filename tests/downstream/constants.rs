//! Sizes of the user's own, as constants.

use dg::diagram;

/// How many classes there are.
pub const CLASSES: usize = 4;

mod sizes {
    pub(super) const SIDE: usize = 6;
}

diagram! {
    /// Constants in shapes, arguments and facts.
    pub(crate) Sized(hidden: usize = 3) {
        dyn batch;
        where sizes::SIDE % 3 == 0;

        data Image: [batch, 1, sizes::SIDE, sizes::SIDE];
        data Shares: [batch, CLASSES];

        Image --model--> Shares;
        model = conv2d(2 * sizes::SIDE / 3, kernel = 3, stride = 3) >> flatten >> linear(hidden)
            >> repeat(CLASSES, residual(linear)) >> linear(CLASSES);

        model ~ Shares;
    }
}

#[cfg(test)]
mod tests {
    use dg::burn::tensor::{Device, Tensor};

    use super::{CLASSES, SizedBatch, SizedConfig};

    #[test]
    fn the_constants_are_the_sizes() {
        let device = Device::default();
        let model = SizedConfig::new().init(&device);
        let batch = SizedBatch {
            image: Tensor::ones([2, 1, 6, 6], &device),
            shares: Tensor::ones([2, CLASSES], &device),
        };
        assert!(batch.check().is_ok() && model.try_loss(batch).is_ok());
    }
}
