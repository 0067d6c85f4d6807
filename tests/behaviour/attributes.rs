//! Attributes are passed on to what an item generates.

/// Generated code may use what is deprecated, and a user is told of uses alone.
#[deny(deprecated)]
mod drawn {
    use burn::module::Module;
    use burn::nn::{Linear, LinearConfig};
    use burn::tensor::{Device, Tensor};
    use diagrammatic::diagram;

    #[derive(Module, Debug)]
    pub(crate) struct Inner {
        linear: Linear,
    }

    #[deprecated]
    pub(crate) type Former = Inner;

    impl Inner {
        fn new(device: &Device) -> Self {
            let linear = LinearConfig::new(2, 2).init(device);
            Inner { linear }
        }

        #[deprecated]
        pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
            self.linear.forward(x)
        }
    }

    #[deprecated]
    fn half(x: Tensor<2>) -> Tensor<2> {
        x / 2
    }

    #[deprecated]
    const WIDTH: usize = 2;

    diagram! {
        pub(crate) Uses {
            dyn batch;
            data Y: [batch, WIDTH];
            Y --former--> Y;
            Y --halved--> Y;
            former = Former;
            halved = fn half;
            former >> halved ~ Y;
        }
    }

    pub(crate) fn uses(device: &Device) -> Uses {
        let former = Inner::new(device);
        UsesConfig::new().init(UsesModules { former }, device)
    }

    diagram! {
        #[must_use]
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

    // A diagram that is there under no condition, and one that is there.
    diagram! {
        #[cfg(any())]
        pub(crate) Conditional {
            dyn batch;
            data X: [batch, 3];
        }

        #[cfg(all())]
        pub(crate) Conditional {
            dyn batch;
            data X: [batch, 2];
            X --f--> X;
            f = linear;
            f ~ X;
        }
    }

    #[allow(deprecated)]
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

    #[expect(deprecated, reason = "the attribute of a hyper-parameter")]
    fn width(config: &EachConfig) -> usize {
        config.width
    }

    #[expect(deprecated, reason = "the attribute of a datum")]
    fn x(batch: EachBatch) -> Tensor<2> {
        batch.x
    }

    #[expect(deprecated, reason = "the attribute of the chain, on its first arrow")]
    fn up(model: &Each, narrow: Tensor<2>) -> Tensor<2> {
        model.up(narrow)
    }

    #[expect(deprecated, reason = "the attribute of the chain, on its second arrow")]
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
        assert_eq!(width(&config), 2);
        assert_eq!(up(&model, Tensor::ones([3, 2], &device)).dims(), [3, 8]);
        // Its field is used by Burn's derive, and so by no warning.
        assert_eq!(model.up.num_params(), 24);
        assert_eq!(down(&model, Tensor::ones([3, 8], &device)).dims(), [3, 2]);
        assert_eq!(model.new.num_params(), 6);
        let config = super::drawn::OldConfig::new();
        let batch = || -> EachBatch { super::drawn::batch(&device) };
        assert_eq!(x(batch()).dims(), [3, 2]);
        let loss = model.loss(batch());
        assert_eq!(loss.fresh.dims(), [1]);
        assert_eq!(back(loss).dims(), [1]);
        let uses = super::drawn::uses(&device);
        assert_eq!(uses.halved(Tensor::ones([3, 2], &device)).dims(), [3, 2]);
        let conditional = super::drawn::ConditionalConfig::new().init(&device);
        assert_eq!(conditional.f.num_params(), 6);
        let old = config.init(&device);
        assert_eq!(old.num_params(), 42);
    }
}
