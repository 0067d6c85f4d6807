//! Groups of parameters by morphism, in each of Burn's uses of a group; parts built alone.

use burn::grad_clipping::GradientClippingConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrSchedulerConfig;
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;

use crate::common::{
    Distillation, DistillationBatch, DistillationConfig, DistillationMorphism, device,
    distillation, distillation_batch, entries,
};

use diagrammatic::diagram;

diagram! {
    /// Two trained morphisms, and one without parameters.
    pub(crate) Chained {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];
        data Target: [batch, 2];

        Image --r#gen--> Code --noise--> Code --head_2--> Target;

        r#gen = linear;
        noise = dropout(0.5);
        head_2 = linear;
        both = r#gen >> noise >> head_2;

        fit: both ~ Target;
    }
}

fn batch() -> ChainedBatch {
    ChainedBatch {
        image: Tensor::ones([3, 6], &device()),
        target: Tensor::ones([3, 2], &device()) * 5.0,
    }
}

fn model() -> Chained {
    ChainedConfig::new().init(&device())
}

type State = (Vec<f32>, Vec<f32>);

fn state(model: &Chained) -> State {
    let layers = [&model.r#gen.linear_1, &model.head_2.linear_1];
    let [one, two] = layers.map(|layer| entries(&layer.weight.val()));
    (one, two)
}

fn step(
    model: Chained,
    optimizer: &mut ModuleOptimizer,
    rate: impl Into<burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate>,
) -> Chained {
    let gradients = model.loss(batch()).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    optimizer.step(rate, model, gradients)
}

#[test]
fn the_morphisms_with_parameters_have_names() {
    assert_eq!(
        ChainedMorphism::ALL,
        [ChainedMorphism::Gen, ChainedMorphism::Head2]
    );
    assert_eq!(
        ChainedMorphism::ALL
            .iter()
            .map(|one| one.name())
            .collect::<Vec<_>>(),
        ["gen", "head_2"]
    );
    assert_eq!(DistillationMorphism::Teacher.name(), "teacher");
}

#[test]
fn a_group_sets_learning_rates() {
    let mut model = model();
    let before = state(&model);
    let group = model.params_of([ChainedMorphism::Head2]);
    let mut rates = ModuleLrSchedulerConfig::new(0.0.into())
        .with_group(group, 0.1)
        .init()
        .expect("two constant rates");
    model = step(model, &mut SgdConfig::new().init(), rates.step());
    let after = state(&model);
    assert_eq!(after.0, before.0);
    assert_ne!(after.1, before.1);
}

/// A record brings its own ids, so a group made of ids alone would match nothing after it.
#[test]
fn a_group_fits_after_a_record_is_loaded_and_for_one_field_alone() {
    let (mut model, other) = (model(), model());
    let group = model.params_of([ChainedMorphism::Gen]);
    let rates = || {
        ModuleLrSchedulerConfig::new(0.1.into())
            .with_group(group.clone(), 0.0)
            .init()
            .expect("two constant rates")
            .step()
    };
    let gen_weight = model.r#gen.linear_1.weight.id;
    let mut alone = model.clone();
    model = model.load_record(other.into_record());
    assert_ne!(model.r#gen.linear_1.weight.id, gen_weight);
    let before = state(&model);
    model = step(model, &mut SgdConfig::new().init(), rates());
    assert_eq!(state(&model).0, before.0);
    assert_ne!(state(&model).1, before.1);

    let before = state(&alone);
    let gradients = alone.loss(batch()).total.backward();
    let gradients = GradientsParams::from_grads(gradients, &alone);
    alone.r#gen = SgdConfig::new()
        .init()
        .step(rates(), alone.r#gen, gradients);
    assert_eq!(state(&alone).0, before.0);
}

#[test]
fn a_group_sets_weight_decay_and_clipping() {
    let model = model();
    let before = state(&model);
    let group = || model.params_of([ChainedMorphism::Gen]);
    let difference = |with: &State, without: &State| {
        let of = |one: &[f32], other: &[f32]| {
            one.iter()
                .zip(other)
                .map(|(one, other)| (one - other).abs())
                .sum::<f32>()
        };
        (of(&with.0, &without.0), of(&with.1, &without.1))
    };
    // The morphism in between draws anew in every step.
    let steps = |optimizer: ModuleOptimizer| {
        let mut optimizer = optimizer;
        let mut model = model.clone();
        model.noise = model.noise.freeze();
        state(&step(model, &mut optimizer, 0.1))
    };
    let plain = steps(SgdConfig::new().init());
    let decay = SgdConfig::new().with_weight_decay(Some(WeightDecayConfig::new(0.5)));
    let decayed = steps(
        SgdConfig::new()
            .init()
            .with_group(group(), decay.build(), None),
    );
    let moved = difference(&decayed, &plain);
    assert!(moved.0 > 1e-3 && moved.1 <= 0.0, "{moved:?}");

    let clipping = GradientClippingConfig::Value(1e-6).init();
    let clipped =
        SgdConfig::new()
            .init()
            .with_group(group(), SgdConfig::new().build(), Some(clipping));
    let clipped = steps(clipped);
    let moved = difference(&clipped, &before);
    assert!(moved.0 < 1e-4 && moved.1 > 1e-3, "{moved:?}");
}

#[test]
fn a_group_freezes() {
    let model = model();
    let group = model.params_of([ChainedMorphism::Gen]);
    let frozen = model.clone().freeze_group(group);
    let before = state(&frozen);
    let after = state(&step(frozen, &mut AdamConfig::new().init(), 0.1));
    assert_eq!(after.0, before.0);
    assert_ne!(after.1, before.1);

    let all = model.params_of(ChainedMorphism::ALL.iter().copied());
    let frozen = model.clone().freeze_group(all);
    assert!(!frozen.loss(batch()).total.is_tracked());
    let none = model.params_of([]);
    assert!(model.freeze_group(none).loss(batch()).total.is_tracked());
}

#[test]
fn a_part_is_built_alone_and_replaced() {
    let config = DistillationConfig::new().with_hidden(3);
    let (mut few, joint) = (distillation(&config), distillation(&config));
    few.student = joint.student.clone();
    let batch = distillation_batch();
    let student = |model: &Distillation, batch: &DistillationBatch| {
        model.student(batch.image.clone()).into_data()
    };
    assert_eq!(student(&few, &batch), student(&joint, &batch));
    few.student = config.init_student(&device());
    assert_eq!(few.student.linear_1.weight.dims(), [64, 3]);
    assert_ne!(student(&few, &batch), student(&joint, &batch));
}
