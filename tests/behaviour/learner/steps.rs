//! What happens in a step, against a loop by hand: schedules, groups, accumulation, clipping.

use burn::grad_clipping::GradientClippingConfig;
use burn::lr_scheduler::composed::ComposedLrSchedulerConfig;
use burn::lr_scheduler::constant::ConstantLr;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::lr_scheduler::noam::NoamLrSchedulerConfig;
use burn::lr_scheduler::step::StepLrSchedulerConfig;
use burn::module::ParamGroup;
use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::train::{Learner, SupervisedTraining};

use super::recorder::Recorder;
use super::{Directory, batches, loader, weights};
use crate::common::{Distillation, DistillationConfig, distillation};

fn sgd() -> ModuleOptimizer {
    SgdConfig::new().init()
}

fn drawn() -> Distillation {
    let model = distillation(&DistillationConfig::new());
    let _ = model.clone().into_record();
    model
}

/// One epoch of the learner, of five batches.
fn learned(
    test: &str,
    model: &Distillation,
    learner: (ModuleOptimizer, ModuleLrScheduler),
    with: fn(SupervisedTraining<Distillation>) -> SupervisedTraining<Distillation>,
) -> Distillation {
    let directory = Directory::new(test);
    let training = Distillation::training(&directory.0, loader(0), loader(0), &Device::default())
        .renderer(Box::new(Recorder::default()));
    let result = with(training).launch(Learner::new(model.clone(), learner.0, learner.1));
    assert!(result.error.is_none(), "{:?}", result.error);
    result.model
}

/// The same epoch in a loop.
fn looped(
    mut model: Distillation,
    mut optimizer: ModuleOptimizer,
    mut schedule: ModuleLrScheduler,
) -> Distillation {
    for batch in batches(&loader(0)) {
        let loss = model.loss(batch);
        let gradients = GradientsParams::from_grads(loss.total.backward(), &model);
        model = optimizer.step(schedule.step(), model, gradients);
    }
    model
}

#[test]
fn every_schedule_gives_the_rates_of_a_loop() {
    let schedules = [
        ("constant", Ok(ConstantLr::new(0.1).into())),
        (
            "cosine",
            CosineAnnealingLrSchedulerConfig::new(0.2, 5).init(),
        ),
        (
            "noam",
            NoamLrSchedulerConfig::new(0.5)
                .with_warmup_steps(3)
                .with_model_size(4)
                .init(),
        ),
        ("step", StepLrSchedulerConfig::new(0.2, 2).init()),
        (
            "composed",
            ComposedLrSchedulerConfig::new()
                .cosine(CosineAnnealingLrSchedulerConfig::new(0.4, 5))
                .linear(LinearLrSchedulerConfig::new(0.5, 1.0, 4))
                .init(),
        ),
    ];
    let model = drawn();
    let mut ends = Vec::new();
    for (name, schedule) in schedules {
        let schedule: ModuleLrScheduler = schedule.expect(name);
        let test = format!("schedule-{name}");
        let learned = learned(&test, &model, (sgd(), schedule.clone()), |training| {
            training
        });
        let looped = looped(model.clone(), sgd(), schedule);
        assert_eq!(weights(&learned), weights(&looped), "{name}");
        assert!(
            !ends.contains(&weights(&learned)),
            "{name} ends as another does"
        );
        ends.push(weights(&learned));
    }
}

#[test]
fn a_group_has_a_rate_of_its_own() {
    let model = drawn();
    let first = ParamGroup::from_predicate("student.linear_1");
    let schedule =
        ModuleLrScheduler::new(ConstantLr::new(0.1)).with_group(first, ConstantLr::new(0.0));
    let learned = learned("groups", &model, (sgd(), schedule), |training| training);
    assert_eq!(weights(&learned)[0], weights(&model)[0]);
    assert_ne!(weights(&learned)[1], weights(&model)[1]);
}

#[test]
fn accumulated_gradients_are_summed() {
    let model = drawn();
    let rate = || ConstantLr::new(0.02).into();
    let accumulate = |training: SupervisedTraining<_>| training.grads_accumulation(5);
    let learned = learned("accumulation", &model, (sgd(), rate()), accumulate);

    let total = batches(&loader(0))
        .into_iter()
        .map(|batch| model.loss(batch).total)
        .reduce(|sum, total| sum + total);
    let gradients = total.expect("five batches").backward();
    let gradients = GradientsParams::from_grads(gradients, &model);
    let once = sgd().step(0.02, model.clone(), gradients);
    for (learned, once) in weights(&learned).iter().zip(weights(&once)) {
        for (learned, once) in learned.iter().zip(once) {
            assert!((learned - once).abs() <= 1e-6, "{learned} is not {once}");
        }
    }
    assert_ne!(weights(&learned), weights(&looped(model, sgd(), rate())));
}

#[test]
fn gradients_are_clipped() {
    const LARGEST: f32 = 1e-3;
    let model = drawn();
    let clipping = || {
        let clipping = GradientClippingConfig::Value(LARGEST);
        SgdConfig::new()
            .with_gradient_clipping(Some(clipping))
            .init()
    };
    let rate = || ConstantLr::new(0.5).into();
    let learned = learned("clipping", &model, (clipping(), rate()), |training| {
        training
    });
    let before = weights(&model);
    assert_eq!(
        weights(&learned),
        weights(&looped(model, clipping(), rate()))
    );
    let moved = weights(&learned).concat().into_iter().zip(before.concat());
    let furthest = moved
        .map(|(after, before)| (after - before).abs())
        .fold(0.0, f32::max);
    assert!(
        furthest > 0.0 && furthest <= 5.0 * 0.5 * LARGEST + 1e-6,
        "{furthest}"
    );
}
