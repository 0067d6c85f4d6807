//! Further methods of the caller's modules, and several morphisms given clones of one module.

use burn::module::list_param_ids;
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use diagrammatic::diagram;
use diagrammatic::diagram_core::Definition;

use crate::batch::panic_text;
use crate::common::{BATCH, compare, device, entries, gradients_of, numbers, random};

/// A module with an inner layer that can be asked for.
#[derive(Module, Debug)]
pub(crate) struct Net {
    inner: Linear,
    norm: BatchNorm,
    last: Linear,
}

impl Net {
    fn new() -> Self {
        Net {
            inner: LinearConfig::new(6, 4).init(&device()),
            norm: BatchNormConfig::new(4).init(&device()),
            last: LinearConfig::new(4, 2).init(&device()),
        }
    }

    pub(crate) fn features(&self, x: Tensor<2>) -> Tensor<2> {
        self.inner.forward(x)
    }

    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.last.forward(self.norm.forward(self.features(x)))
    }
}

diagram! {
    /// A student imitates the features of a frozen teacher.
    pub(crate) Hinted {
        dyn batch;

        data Image: [batch, 6];
        data Target: [batch, 2];
        Code: [batch, 4];

        Image --guide--> Code;
        Image --teacher--> Target;
        Image --hint--> Code;
        Image --student--> Target;

        guide = teacher.features;      // before its module
        teacher = Net;
        student = Net;
        hint = student.features;
        hinted = guide;

        frozen teacher;

        near: hint ~ hinted;
        fit: student ~ teacher weight 0.5;
        watch right: teacher ~ Target by mse;
    }
}

fn hinted(teacher: Net, student: Net) -> Hinted {
    HintedConfig::new().init(HintedModules { teacher, student }, &device())
}

fn batch() -> HintedBatch {
    HintedBatch {
        image: random([BATCH, 6]),
        target: random([BATCH, 2]),
    }
}

#[test]
fn a_method_has_the_weights_of_its_module() {
    let model = hinted(Net::new(), Net::new());
    let x = batch().image;
    let by_hand = model.teacher.features(x.clone());
    assert_eq!(
        model.guide(x.clone()).into_data(),
        by_hand.clone().into_data()
    );
    assert_eq!(model.hinted(x).into_data(), by_hand.into_data());
    // No field, no parameters: two modules, of which one is recorded as itself.
    let count = (6 * 4 + 4) + 4 + 4 + 4 + 4 + (4 * 2 + 2);
    assert_eq!(model.num_params(), 2 * count);
    let diagram = Hinted::diagram();
    let guide = &diagram.morphisms[0];
    assert_eq!(guide.name, "guide");
    assert!(
        guide.frozen
            && matches!(&guide.definition, Definition::Method { method, .. } if method == "features")
    );
    assert!(!diagram.morphisms[2].frozen);
    let text = diagram.to_string();
    assert!(text.contains("= teacher.features\n"), "{text}");
}

#[test]
fn its_gradients_are_those_of_its_module() {
    let model = hinted(Net::new(), Net::new());
    let batch = batch();
    let generated = gradients_of(&model, &model.loss(batch.clone()).near.backward());
    let hint = model.student.features(batch.image.clone());
    let guide = model.teacher.features(batch.image).detach();
    let by_hand = gradients_of(&model, &(hint - guide).square().mean().backward());
    let paths: Vec<_> = generated.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["student.inner.weight", "student.inner.bias"]);
    compare(&generated, &by_hand).expect("the gradients agree");
}

#[test]
fn a_method_checks_its_argument_and_its_value() {
    let model = hinted(Net::new(), Net::new());
    let expected = "`guide` takes `Image`: axis 1 is 6, but is given 5 [D0804]";
    let text = panic_text(|| drop(model.guide(random([BATCH, 5]))));
    assert!(text.starts_with(expected), "{text}");

    let mut teacher = Net::new();
    teacher.inner = LinearConfig::new(6, 3).init(&device());
    let model = hinted(teacher, Net::new());
    let expected = "`guide` ends in `Code`: axis 1 is 4, but its module gives 3 [D0802]";
    let text = panic_text(|| drop(model.loss(batch())));
    assert!(text.starts_with(expected), "{text}");
}

diagram! {
    /// The module behind `inner` is trained though its own morphism stands in no cell.
    Behind {
        dyn batch;

        data Image: [batch, 6];
        data Code: [batch, 4];
        Target: [batch, 2];

        Image --whole--> Target;
        Image --inner--> Code;

        whole = Net;
        inner = whole.features;

        inner ~ Code;
    }
}

#[test]
fn a_module_is_trained_through_its_method_alone() {
    let model = BehindConfig::new().init(BehindModules { whole: Net::new() }, &device());
    let batch = BehindBatch {
        image: random([BATCH, 6]),
        code: random([BATCH, 4]),
    };
    let before = entries(&model.whole.inner.weight.val());
    let gradients = model.loss(batch.clone()).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    let model = SgdConfig::new().init().step(0.5, model, gradients);
    assert_ne!(entries(&model.whole.inner.weight.val()), before);
    // A plain batch is lifted, for the module behind a method too.
    let plain = BehindBatch {
        image: batch.image.inner(),
        code: batch.code.inner(),
    };
    assert!(model.loss(plain).total.is_tracked());
    assert_eq!(BehindMorphism::ALL, [BehindMorphism::Whole]);
}

diagram! {
    Twins {
        dyn batch;

        data Image: [batch, 6];
        data Left, Right: Target;
        Target: [batch, 2];

        Image --left--> Target;
        Image --right--> Target;
        Image --third--> Target;

        left = Net;
        right = Net;
        third = Net;

        left ~ Left;
        right ~ Right;
        third ~ Right;
    }
}

fn weights(net: &Net) -> Vec<f32> {
    let mut weights = entries(&net.inner.weight.val());
    weights.extend(entries(&net.norm.running_mean.value_sync()));
    weights
}

/// Without parameters of their own, `left` would get the gradient of both, `right` none, and all
/// running statistics would be one.
#[test]
fn clones_of_one_module_are_trained_apart() {
    for initialised in [false, true] {
        let net = Net::new();
        if initialised {
            weights(&net);
        }
        let kept = list_param_ids(&net);
        let modules = TwinsModules {
            left: net.clone(),
            right: net.clone(),
            third: Net::new(),
        };
        let third = list_param_ids(&modules.third);
        let model = TwinsConfig::new().init(modules, &device());
        assert_eq!(weights(&model.left), weights(&model.right));
        // The first holder keeps its ids, so that an optimiser's record still fits it.
        assert_eq!(list_param_ids(&model.left), kept);
        assert_eq!(list_param_ids(&model.third), third);
        let right = model.right.inner.weight.id;
        assert!(!kept.contains(&right));

        let batch = TwinsBatch {
            image: random([BATCH, 6]),
            left: random([BATCH, 2]),
            right: random([BATCH, 2]),
        };
        let gradients = model.loss(batch).total.backward();
        let by_hand = |net: &Net| {
            let weight = net.inner.weight.val();
            let step = weight.grad(&gradients).expect("a gradient") * 0.5;
            numbers([("weight", weight.inner() - step)])
        };
        let expected = [&model.left, &model.right].map(by_hand);
        let gradients = GradientsParams::from_grads(gradients, &model);
        let model = SgdConfig::new().init().step(0.5, model, gradients);
        let moved =
            [&model.left, &model.right].map(|net| numbers([("weight", net.inner.weight.val())]));
        for (moved, expected) in moved.iter().zip(&expected) {
            compare(moved, expected).expect("each moves by its own gradient");
        }
        assert_ne!(moved[0], moved[1]);

        // A call of one leaves the statistics of the other.
        let statistics = entries(&model.right.norm.running_mean.value_sync());
        let _ = model.left(random([BATCH, 6]));
        assert_eq!(
            entries(&model.right.norm.running_mean.value_sync()),
            statistics
        );
    }
}
