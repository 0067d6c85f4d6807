//! Slots.

use dg::diagram;

diagram! {
    /// A head on a trunk that is left open.
    pub Open<const WIDTH: usize>(rate: f64 = 0.1) {
        dyn batch;

        /// What is given.
        data Given: [batch, 4];
        /// What is wanted.
        data Wanted: [batch, 2];
        /// What is between.
        Inner: [batch, WIDTH];

        /// Left open.
        Given --trunk--> Inner --head--> Wanted;
        trunk = _;
        head = dropout(rate) >> linear;
        /// Kept as it is.
        Given --reference--> Wanted;
        reference = frozen _;

        /// What is left.
        fit: trunk >> head ~ Wanted;
        near: trunk >> head ~ reference weight 0.5;
    }
}

#[cfg(test)]
mod tests {
    use dg::burn::nn::{Linear, LinearConfig};
    use dg::prelude::*;

    use super::{Open, OpenBatch, OpenConfig, OpenModules};

    /// A linear map.
    #[derive(Module, Debug)]
    struct Straight {
        linear: Linear,
    }

    #[signature([b, n] -> [b, m])]
    impl Map<Tensor<2>> for Straight {
        type Output = Tensor<2>;

        fn apply(&self, given: Tensor<2>) -> Tensor<2> {
            self.linear.forward(given)
        }
    }

    #[test]
    fn both_slots_are_filled() {
        let device = Device::default();
        let straight = |width| Straight {
            linear: LinearConfig::new(4, width).init(&device),
        };
        let modules = OpenModules {
            trunk: straight(3),
            reference: straight(2),
        };
        let model: Open<3, _, _> = OpenConfig::new().init(modules, &device);
        let batch = OpenBatch {
            given: Tensor::ones([2, 4], &device),
            wanted: Tensor::ones([2, 2], &device),
        };
        assert!(model.try_loss(batch).is_ok());
    }
}
