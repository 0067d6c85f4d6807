//! Images and their classes: supervision, distillation, fine-tuning, and labels where there are some.

use diagrammatic::burn;

use burn::prelude::*;
use burn::tensor::activation::softmax;
use diagrammatic::diagram;

use crate::step::{assert_moves, below, device, random};
use crate::towers::{ImageTower, ImageTowerConfig};

/// A wide model with features in the middle.
#[derive(Module, Debug)]
pub struct Teacher {
    wide: burn::nn::conv::Conv2d,
    pool: burn::nn::pool::MaxPool2d,
    tower: ImageTower,
}

impl Teacher {
    fn new(device: &Device) -> Self {
        Teacher {
            wide: burn::nn::conv::Conv2dConfig::new([3, 128], [1, 1]).init(device),
            pool: burn::nn::pool::MaxPool2dConfig::new([2, 2])
                .with_strides([2, 2])
                .init(),
            tower: ImageTowerConfig::new(10).of_channels(128, device),
        }
    }

    /// From images to logits.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.tower.forward(self.features(image))
    }

    /// From images to what is in the middle.
    #[must_use]
    pub fn features(&self, image: Tensor<4>) -> Tensor<4> {
        self.pool.forward(self.wide.forward(image))
    }
}

type WideResnet = ImageTower;
type WideResnetConfig = ImageTowerConfig;
type MobileNet = ImageTower;
type MobileNetConfig = ImageTowerConfig;
type Vit = ImageTower;

diagram! {
    pub Supervised {
        dyn batch;  data Image: [batch, 1, 28, 28];  data Label: Int[batch];  Logits: [batch, 10];
        Image --model--> Logits;
        model = flatten >> linear(128) >> relu >> linear;
        fit: model ~ Label by cross_entropy;
        watch accuracy: model ~ Label by accuracy;
    }
}

#[test]
fn supervised() {
    let model = SupervisedConfig::new().init(&device());
    let batch = SupervisedBatch {
        image: random([16, 1, 28, 28]),
        label: below(10, [16]),
    };
    assert_moves(model, batch, &["model"]);
}

mod small {
    use super::{Device, Module, Tensor, burn};
    use burn::nn::{Linear, LinearConfig};

    #[derive(Module, Debug)]
    pub struct Teacher {
        linear: Linear,
    }

    impl Teacher {
        pub(super) fn new(device: &Device) -> Self {
            let linear = LinearConfig::new(64, 10).init(device);
            Teacher { linear }
        }

        pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
            self.linear.forward(image.flatten::<2>(1, 3))
        }
    }

    diagrammatic::diagram! {
        pub Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
            dyn batch;  data Image: [batch, 1, 8, 8];  data Label: Int[batch];  Logits: [batch, 10];
            Image --teacher--> Logits <--student-- Image;
            teacher = frozen Teacher;
            student = flatten >> linear(hidden) >> relu >> linear;                 // 64, hidden, 10
            soft: student ~ teacher by kl(temperature) weight 0.7;
            hard: student ~ Label   by cross_entropy   weight 0.3;
            watch accuracy: student ~ Label by accuracy;
        }
    }
}

#[test]
fn distillation() {
    use small::{DistillationBatch, DistillationConfig, DistillationModules};
    let teacher = small::Teacher::new(&device());
    let model = DistillationConfig::new().init(DistillationModules { teacher }, &device());
    let batch = DistillationBatch {
        image: random([16, 1, 8, 8]),
        label: below(10, [16]),
    };
    assert_moves(model, batch, &["student"]);
}

diagram! {
    pub Hints(temperature: f64 = 4.0) {
        dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];
        Thin: [batch, 32, 16, 16];  Wide: [batch, 128, 16, 16];  Logits: [batch, 10];
        Image --hint--> Thin --rest--> Logits <--teacher-- Image;
        Thin --regress--> Wide <--guide-- Image;
        teacher = frozen Teacher;
        guide   = teacher.features;                                            // same module, same weights
        hint    = conv2d(32, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2);
        rest    = conv2d(64, kernel = 3, padding = 1) >> relu >> max_pool2d(2) // [batch, 64, 8, 8]
            >> flatten >> linear;                                              // from 4096
        regress = conv2d(128, kernel = 1);
        hints: hint >> regress ~ guide weight 0.5;
        soft:  hint >> rest ~ teacher by kl(temperature);
        hard:  hint >> rest ~ Label by cross_entropy;
    }
}

fn hints_batch() -> HintsBatch {
    HintsBatch {
        image: random([2, 3, 32, 32]),
        label: below(10, [2]),
    }
}

#[test]
fn feature_distillation() {
    let model = || {
        let teacher = Teacher::new(&device());
        HintsConfig::new().init(HintsModules { teacher }, &device())
    };
    assert_moves(model(), hints_batch(), &["hint", "rest", "regress"]);
    // Its second stage is without the hints.
    let mut model = model();
    model.weights.hints = 0.0;
    assert_moves(model, hints_batch(), &["hint", "rest"]);
}

diagram! {
    pub Mutual {
        dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];  Logits: [batch, 10] by kl;
        Image --left--> Logits <--right-- Image;
        left = MobileNet: MobileNetConfig::new(10);  right = WideResnet: WideResnetConfig::new(10);
        left_fit:   left ~ Label by cross_entropy;   right_fit:   right ~ Label by cross_entropy;
        left_hears: left ~ stop(right);              right_hears: right ~ stop(left);
    }
}

#[test]
fn mutual_learning() {
    let model = MutualConfig::new().init(&device());
    let batch = MutualBatch {
        image: random([2, 3, 32, 32]),
        label: below(10, [2]),
    };
    assert_moves(model, batch, &["left", "right"]);
}

diagram! {
    pub FixMatch(tau: f64 = 0.95) {
        dyn batch, many;
        Image: [batch, 3, 32, 32];  Logits: [batch, 10];  Class: Int[batch];  Sure: [batch];
        data Labelled: Image;  data Label: Class;  data Weak, Strong: Image[batch = many];
        Image --model--> Logits --guess--> Class;  Logits --sure--> Sure;
        model = WideResnet: WideResnetConfig::new(10);
        guess = |logits| logits.argmax(1).squeeze_dim(1);
        sure  = |logits| softmax(logits, 1).max_dim(1).squeeze_dim(1).greater_equal_elem(tau).float();
        known:   model(Labelled) ~ Label                  by cross_entropy;
        guessed: model(Strong)   ~ model(Weak) >> guess   by cross_entropy weight model(Weak) >> sure;
    }
}

#[test]
fn fix_match() {
    let model = FixMatchConfig::new().with_tau(0.1).init(&device());
    let batch = FixMatchBatch {
        labelled: random([2, 3, 32, 32]),
        label: below(10, [2]),
        weak: random([5, 3, 32, 32]),
        strong: random([5, 3, 32, 32]),
    };
    let loss = model.loss(batch.clone());
    let guessed = loss.guessed.into_scalar::<f32>();
    assert!(guessed > 0.0, "some guesses are sure");
    assert_moves(model, batch, &["model"]);
}

diagram! {
    pub Dann(lambda: f64 = 1.0) {
        dyn batch, other;
        Image: [batch, 3, 32, 32];  Feature: [batch, 128];  Logits: [batch, 10];  Domain: [batch, 1];
        data Source: Image;  data Label: Int[batch];  data Target: Image[batch = other];
        Image --features--> Feature --classify--> Logits;  Feature --tell--> Domain;
        features = conv2d(32, kernel = 5) >> relu >> max_pool2d(2)             // [batch, 32, 14, 14]
            >> conv2d(48, kernel = 5) >> relu >> max_pool2d(2)                 // [batch, 48, 5, 5]
            >> flatten >> linear(128) >> relu;                                 // from 1200
        classify = linear;  tell = linear(64) >> relu >> linear;
        class: features(Source) >> classify ~ Label by cross_entropy;
        here:  reverse(features(Source), lambda) >> tell ~ 0 by binary_cross_entropy(logits = true);
        there: reverse(features(Target), lambda) >> tell ~ 1 by binary_cross_entropy(logits = true);
    }
}

#[test]
fn domain_adversarial() {
    let model = DannConfig::new().init(&device());
    let batch = DannBatch {
        source: random([2, 3, 32, 32]),
        label: below(10, [2]),
        target: random([3, 3, 32, 32]),
    };
    assert_moves(model, batch, &["features", "classify", "tell"]);
}

diagram! {
    pub Adapted {
        dyn batch;  data Image: [batch, 3, 224, 224];  data Label: Int[batch];
        Feature: [batch, 768];  Logits: [batch, 100];
        Image --vit--> Feature --head--> Logits;
        vit = lora(Vit, rank = 8, alpha = 16.0);  head = linear;
        fit: vit >> head ~ Label by cross_entropy;
    }
}

#[test]
fn low_rank_adapters() {
    let vit = ImageTowerConfig::new(768).init(&device());
    let model = AdaptedConfig::new().init(AdaptedModules { vit }, &device());
    let batch = AdaptedBatch {
        image: random([2, 3, 224, 224]),
        label: below(100, [2]),
    };
    let base = model.vit.linear.weight.base().into_data();
    let output = burn::train::TrainStep::step(&model, batch.clone());
    let mut optimizer = burn::optim::SgdConfig::new().init();
    let moved = optimizer.step(1.0, model.clone(), output.grads);
    assert_eq!(moved.vit.linear.weight.base().into_data(), base);
    let applied = |model: &Adapted| model.vit.linear.weight.val().into_data();
    assert_ne!(applied(&moved), applied(&model));
    assert_ne!(
        moved.head.linear_1.weight.val().into_data(),
        model.head.linear_1.weight.val().into_data()
    );
}

/// Something that is a trunk.
#[derive(Module, Debug)]
pub struct Trunk {
    tower: ImageTower,
}

impl diagrammatic::Map<Tensor<4>> for Trunk {
    type Output = Tensor<2>;

    fn apply(&self, image: Tensor<4>) -> Tensor<2> {
        self.tower.forward(image)
    }
}

diagram! {
    pub Classifier<const CLASSES: usize>(rate: f64 = 0.1) {
        dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];  Feature: [batch, 256];
        Logits: [batch, CLASSES] by cross_entropy;
        Image --trunk--> Feature --head--> Logits;
        trunk = _;  head = dropout(rate) >> linear;  model = trunk >> head;
        fit: model ~ Label;
        watch accuracy: model ~ Label by accuracy;  watch top: model ~ Label by top_k(5);
    }
}

#[test]
fn a_classifier_with_a_const_generic_and_a_slot() {
    let trunk = Trunk {
        tower: ImageTowerConfig::new(256).init(&device()),
    };
    let model: Classifier<12, Trunk> =
        ClassifierConfig::new().init(ClassifierModules { trunk }, &device());
    let batch = ClassifierBatch {
        image: random([2, 3, 32, 32]),
        label: below(12, [2]),
    };
    assert_moves(model, batch, &["trunk", "head"]);
}
