//! Sizes of the user's own, as constants, and those of a type.

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

diagram! {
    /// Sizes that are the type's.
    pub Generic<const WIDTH: usize, const CLASSES_AT_MOST: usize = 4>(hidden: usize = 3) {
        dyn batch;
        where CLASSES_AT_MOST >= CLASSES;

        /// What is given.
        data Given: [batch, WIDTH];
        /// What is wanted.
        data Wanted: [batch, CLASSES_AT_MOST];

        /// Some layers.
        Given --model--> Wanted;
        model = linear(hidden) >> linear(CLASSES) >> linear;

        /// What is left.
        fit: model ~ Wanted;
    }
}

#[cfg(test)]
mod tests {
    use dg::burn::tensor::{Device, Tensor};

    use super::{CLASSES, Generic, GenericBatch, GenericConfig, SizedBatch, SizedConfig};

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
    #[test]
    fn the_sizes_are_those_of_the_type() {
        let device = Device::default();
        let model: Generic<2, 6> = GenericConfig::new().init(&device);
        let batch = GenericBatch {
            given: Tensor::ones([3, 2], &device),
            wanted: Tensor::ones([3, 6], &device),
        };
        assert!(model.try_loss(batch).is_ok());
    }
}
