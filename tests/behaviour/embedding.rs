//! Where a diagram may stand, and what may stand around it. The package `downstream` has the same
//! from a crate that does not depend on Burn.

/// The macro is all that a file needs.
mod macro_only {
    use diagrammatic::diagram;

    diagram! {
        Small {
            dyn batch;
            data X: [batch, 2];
            data Y: [batch, 3];
            X --f--> Y;
            f = linear;
            f ~ Y;
        }
    }

    #[test]
    fn a_model_trains() {
        let device = diagrammatic::burn::tensor::Device::default().autodiff();
        let model = SmallConfig::new().init(&device);
        let batch = SmallBatch {
            x: diagrammatic::burn::tensor::Tensor::ones([4, 2], &device),
            y: diagrammatic::burn::tensor::Tensor::ones([4, 3], &device),
        };
        let gradients = model.loss(batch).total.backward();
        let bias = model
            .f
            .linear_1
            .bias
            .as_ref()
            .map(diagrammatic::burn::module::Param::val);
        assert!(bias.is_some_and(|bias| bias.grad(&gradients).is_some()));
    }
}

/// So is the prelude.
mod prelude_only {
    use diagrammatic::prelude::*;

    #[derive(Module, Debug)]
    struct Twice {
        #[module(skip)]
        factor: f32,
    }

    impl Twice {
        fn forward(&self, x: Tensor<2>) -> Tensor<2> {
            x * self.factor
        }
    }

    diagram! {
        Doubled {
            dyn batch;
            data X: [batch, 2];
            X --double--> X;
            X --f--> X;
            double = Twice;
            f = linear;
            f ~ double;
        }
    }

    #[test]
    fn a_model_is_built() -> Result<(), DiagramError> {
        let device = Device::default();
        let double = Twice { factor: 2.0 };
        let model = DoubledConfig::new().try_init(DoubledModules { double }, &device)?;
        let batch = DoubledBatch {
            x: Tensor::zeros([4, 2], &device),
        };
        Batch::check(&batch)?;
        let loss = model.try_loss(batch)?;
        assert_eq!(loss.total.dims(), [1]);
        Ok(())
    }
}

/// A function's body, with types that only it knows.
mod in_a_function {
    use burn::nn::{Linear, LinearConfig};
    use burn::prelude::*;
    use diagrammatic::diagram;

    #[test]
    fn local_types_are_seen() {
        #[derive(Module, Debug)]
        struct Local {
            linear: Linear,
        }

        impl Local {
            fn forward(&self, x: Tensor<2>) -> Tensor<2> {
                self.linear.forward(x)
            }
        }

        #[derive(Config, Debug)]
        struct BuiltConfig {
            width: usize,
        }

        impl BuiltConfig {
            fn init(&self, device: &Device) -> Local {
                let linear = LinearConfig::new(self.width, self.width).init(device);
                Local { linear }
            }
        }

        diagram! {
            Inside(width: usize = 2) {
                dyn batch;
                data X: [batch, width];
                X --brought--> X;
                X --built--> X;
                X --layers--> X;
                brought = frozen Local;
                built = Local: BuiltConfig::new(width);
                layers = linear >> relu;
                near: built ~ brought;
                far: layers ~ brought;
            }
        }

        let device = Device::default().autodiff();
        let brought = BuiltConfig::new(2).init(&device);
        let model = InsideConfig::new().init(InsideModules { brought }, &device);
        let x = Tensor::ones([3, 2], &device);
        let loss = model.loss(InsideBatch { x });
        let gradients = loss.total.backward();
        assert!(model.built.linear.weight.val().grad(&gradients).is_some());
        assert!(model.brought.linear.weight.val().grad(&gradients).is_none());
    }
}

/// Several diagrams in one module and in one call, of every visibility.
mod several {
    use diagrammatic::diagram;

    pub(crate) mod inner {
        use diagrammatic::diagram;

        diagram! {
            pub(super) ForParent { dyn b; data X: [b, 2]; X --f--> X; f = linear; f ~ X; }
            pub(crate) ForCrate { dyn b; data X: [b, 2]; X --f--> X; f = linear; f ~ X; }
            pub(in crate::embedding) ForModule { dyn b; data X: [b, 2]; X --f--> X; f = linear; f ~ X; }
        }
    }

    diagram! [ Private { dyn b; data X: [b, 2]; X --f--> X; f = linear; f ~ X; } ];

    #[test]
    fn each_is_seen_where_it_says() {
        let device = burn::tensor::Device::default();
        let x = || burn::tensor::Tensor::<2>::ones([3, 2], &device);
        let shapes = [
            PrivateConfig::new().init(&device).f(x()).dims(),
            inner::ForParentConfig::new().init(&device).f(x()).dims(),
            inner::ForCrateConfig::new().init(&device).f(x()).dims(),
            inner::ForModuleConfig::new().init(&device).f(x()).dims(),
        ];
        assert_eq!(shapes, [[3, 2]; 4]);
        let model = inner::ForParentConfig::new().init(&device);
        assert_eq!(model.f.linear_1.weight.dims(), [2, 2]);
    }
}

/// Names of the prelude and of Burn that mean something else here.
#[allow(dead_code)]
mod shadowed {
    use diagrammatic::diagram;

    type Result<T> = std::result::Result<T, String>;
    type Vec = [u8; 3];
    struct Tensor;
    struct Device;
    struct String;
    struct Box;
    struct Int;
    struct Param;
    struct Linear;
    struct Some;
    struct Ok;
    struct None;
    struct Err;
    trait Module {}
    trait Iterator {}
    trait Into {}
    trait From {}
    trait AsRef {}
    trait Send {}
    trait Drop {}
    mod serde {}
    mod nn {}

    diagram! {
        Shadowed(width: usize = 3, rate: f64 = 0.5) {
            dyn batch;
            data X: [batch, width];
            data Label: Int[batch];
            Code: [batch, 4];
            X --f--> X;
            X --g--> Code;
            f = frozen linear >> relu;
            g = linear(2 * width) >> dropout(rate) >> linear;
            code: f >> g ~ g;
            hard: g ~ Label by cross_entropy weight rate;
            watch right: g ~ Label by accuracy;
        }
    }

    #[test]
    fn the_expansion_does_not_mind() {
        let device = burn::tensor::Device::default();
        let model = ShadowedConfig::new().init(&device);
        let batch = ShadowedBatch {
            x: burn::tensor::Tensor::ones([2, 3], &device),
            label: burn::tensor::Tensor::zeros([2], &device),
        };
        assert_eq!(model.loss(batch).iter().count(), 2);
    }
}

/// Rust's keywords as names, and names that the expansion itself might use.
mod names {
    use burn::prelude::*;
    use diagrammatic::diagram;

    diagram! {
        Keywords(r#type: usize = 3, r#loop: f64 = 0.5, r#move: f64) {
            dyn r#box;
            data Type: [r#box, r#type];
            data r#Fn: Int[r#box];
            Match: [r#box, 5];
            Type --r#gen--> Match;
            r#gen = linear(r#type + 1) >> dropout(r#loop) >> linear;
            r#impl = r#gen;
            r#use: r#gen ~ Fn by cross_entropy weight r#move;
            r#dyn: r#impl(Type) ~ r#Fn by cross_entropy;
            watch r#where: r#gen ~ Fn by accuracy;
        }
    }

    #[test]
    fn keywords_are_written_raw_and_printed_bare() {
        let device = Device::default();
        let config = KeywordsConfig::new(2.0).with_type(4).with_loop(0.25);
        let model = config.init(&device);
        let batch = KeywordsBatch {
            r#type: Tensor::ones([2, 4], &device),
            r#fn: Tensor::zeros([2], &device),
        };
        assert_eq!(model.r#gen(batch.r#type.clone()).dims(), [2, 5]);
        assert_eq!(model.r#impl(batch.r#type.clone()).dims(), [2, 5]);
        assert_eq!(model.r#gen.linear_1.weight.dims(), [4, 5]);
        let loss = model.loss(batch.clone());
        let [one, other] = [&loss.r#use, &loss.r#dyn].map(|cell| cell.to_data());
        assert_eq!(one, other);
        let names: Vec<_> = loss.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["use", "dyn"]);
        assert_eq!(model.evaluate(batch).r#where.dims(), [1]);
        assert_eq!(model.config().r#move.to_bits(), 2.0_f64.to_bits());
        assert_eq!(model.hyper.r#loop.to_bits(), 0.25_f64.to_bits());
        let text = Keywords::diagram().to_string();
        assert!(!text.contains("r#"), "{text}");
        assert!(text.contains("Type --gen--> Match"), "{text}");
    }

    #[derive(Module, Debug)]
    struct Plain {
        #[module(skip)]
        width: usize,
    }

    impl Plain {
        fn forward(&self, x: Tensor<2>) -> Tensor<2> {
            assert_eq!(x.dims()[1], self.width);
            x
        }
    }

    struct PlainConfig(usize);

    impl PlainConfig {
        fn init(&self, _device: &Device) -> Plain {
            Plain { width: self.0 }
        }
    }

    diagram! {
        Common(device: usize = 2, batch: f64 = 1.0, value: f64 = 1.0, config: usize = 2, modules: usize = 2) {
            dyn x, sizes;
            Space: [x, device];
            data X, Total, Samples: Space;
            data Device: [sizes, 2 * config];
            data Result: [sizes, 2 * modules];
            Space --y--> Space;
            Space --v0--> Space;
            Space --built--> Space;
            Device --data--> Result;
            y = linear;
            v0 = frozen Plain;
            built = Plain: PlainConfig(device);
            data = linear;
            cell_0: y(X) ~ Total weight batch;
            output: y(X) ~ v0(X) weight value;
            samples: built(Samples) ~ Samples;
            names: data ~ Result;
        }
    }
}
