//! Attributes are passed on to what an item generates.

#[allow(deprecated)]
mod drawn {
    use diagrammatic::diagram;

    diagram! {
        #[deprecated]
        #[allow(clippy::struct_field_names)]
        pub(crate) Old(#[deprecated] width: usize = 2) {
            dyn batch;

            #[deprecated]
            data X: [batch, width];

            #[deprecated]
            X --up--> Wide --down--> X;
            Wide: [batch, 8];
            up = linear;
            down = linear;

            #[deprecated]
            back: up >> down ~ X;
        }
    }

    diagram! {
        pub(crate) Each(#[deprecated] width: usize = 2) {
            dyn batch;

            #[deprecated]
            data X: [batch, width];

            #[deprecated]
            X --up--> Wide --down--> X;
            X --new--> X;
            Wide: [batch, 8];
            up = linear;
            down = linear;
            new = linear;

            #[deprecated]
            back: up >> down ~ X;
            fresh: new ~ X;
        }
    }

    pub(crate) fn batch(device: &burn::tensor::Device) -> EachBatch {
        let x = burn::tensor::Tensor::ones([3, 2], device);
        EachBatch { x }
    }
}

/// A deprecation that is expected is one that was passed on.
#[deny(unfulfilled_lint_expectations)]
mod expected {
    use burn::prelude::*;

    use super::drawn::{Each, EachBatch, EachConfig, EachLoss};

    #[expect(deprecated, reason = "its attribute")]
    type Whole = super::drawn::Old;

    #[expect(deprecated, reason = "the attribute of a hyper-parameter")]
    fn width(config: &EachConfig) -> usize {
        config.width
    }

    #[expect(deprecated, reason = "the attribute of a datum")]
    fn x(batch: EachBatch) -> Tensor<2> {
        batch.x
    }

    #[expect(
        deprecated,
        reason = "the attribute of the chain, on its first arrow's field"
    )]
    fn up(model: &Each) -> usize {
        model.up.num_params()
    }

    #[expect(
        deprecated,
        reason = "the attribute of the chain, on its second arrow's method"
    )]
    fn down(model: &Each, wide: Tensor<2>) -> Tensor<2> {
        model.down(wide)
    }

    #[expect(deprecated, reason = "the attribute of a cell")]
    fn back(loss: EachLoss) -> Tensor<1> {
        loss.back
    }

    #[test]
    fn they_are_where_the_item_is() {
        let device = Device::default();
        let config = EachConfig::new();
        let model = config.init(&device);
        assert_eq!((width(&config), up(&model)), (2, 24));
        assert_eq!(down(&model, Tensor::ones([3, 8], &device)).dims(), [3, 2]);
        assert_eq!(model.new.num_params(), 6);
        let config = super::drawn::OldConfig::new();
        let batch = || -> EachBatch { super::drawn::batch(&device) };
        assert_eq!(x(batch()).dims(), [3, 2]);
        let loss = model.loss(batch());
        assert_eq!(loss.fresh.dims(), [1]);
        assert_eq!(back(loss).dims(), [1]);
        let old: Whole = config.init(&device);
        assert_eq!(old.num_params(), 42);
    }
}
