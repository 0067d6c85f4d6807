//! Resuming gives the weights, bit for bit, that training at once gives.
//!
//! Dropout is in `tests/dropout.rs`, since its draws come from a stream that the process shares.

use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::lr_scheduler::cosine::CosineAnnealingLrSchedulerConfig;
use burn::lr_scheduler::module_lr_scheduler::{ModuleLrScheduler, ModuleLrSchedulerConfig};
use burn::module::ParamGroup;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, ModuleOptimizer, SgdConfig};
use burn::prelude::*;
use burn::train::Learner;
use diagrammatic::train::resumable;

use super::recorder::Recorder;
use super::{Digit, Directory, Stack, weights};
use crate::common::{Distillation, DistillationBatch, DistillationConfig, distillation};

type Loader = Arc<dyn DataLoader<DistillationBatch>>;

fn shuffled() -> Loader {
    let digits = InMemDataset::new((0..40).map(|i| Digit(i % 10)).collect());
    DataLoaderBuilder::new(Stack { labels_lost: 0 })
        .batch_size(8)
        .shuffle(3)
        .build(digits)
}

/// A schedule of two groups: by path, since ids are drawn anew in each process.
fn schedule() -> ModuleLrScheduler {
    let cosine = |rate| CosineAnnealingLrSchedulerConfig::new(rate, 20);
    let first = ParamGroup::from_predicate("student.linear_1");
    ModuleLrSchedulerConfig::new(cosine(0.02).into())
        .with_group(first, cosine(0.01))
        .init()
        .expect("a schedule")
}

fn train(
    directory: &Directory,
    model: Distillation,
    optimizer: ModuleOptimizer,
    loader: Loader,
    (done, epochs): (usize, usize),
) -> Vec<Vec<f32>> {
    let training =
        Distillation::training(&directory.0, loader, super::loader(0), &Device::default())
            .num_epochs(epochs)
            .with_default_checkpointers()
            .renderer(Box::new(Recorder::default()));
    let training = match done {
        0 => training,
        done => training.checkpoint(done),
    };
    let result = training.launch(Learner::new(model, optimizer, schedule()));
    assert!(result.error.is_none(), "{:?}", result.error);
    weights(&result.model)
}

/// The weights of four epochs at once, and of two and two. The second two start from another model,
/// as in a new process: other weights, another teacher, other ids.
fn both(
    test: &str,
    optimizer: fn() -> ModuleOptimizer,
    loader: fn(usize) -> Loader,
) -> [Vec<Vec<f32>>; 2] {
    let directory = |part| Directory::new(&format!("{test}-{part}"));
    let model = distillation(&DistillationConfig::new());
    let _ = model.clone().into_record();

    let at_once = directory("at-once");
    let at_once = train(&at_once, model.clone(), optimizer(), loader(0), (0, 4));

    let halves = directory("halves");
    let first = train(&halves, model, optimizer(), loader(0), (0, 2));
    let other = distillation(&DistillationConfig::new());
    assert_ne!(weights(&other), first);
    let resumed = train(&halves, other, optimizer(), loader(2), (2, 4));
    assert_ne!(
        resumed[..2],
        first[..2],
        "nothing was trained after resuming"
    );
    [at_once, resumed]
}

#[test]
fn with_adam_it_goes_on_bit_for_bit() {
    let adam = || AdamConfig::new().init();
    let [at_once, resumed] = both("adam", adam, |done| resumable(shuffled(), 5, done));
    assert_eq!(at_once, resumed);
}

#[test]
fn with_momentum_it_goes_on_bit_for_bit() {
    let sgd = || {
        let momentum = MomentumConfig::new();
        SgdConfig::new().with_momentum(Some(momentum)).init()
    };
    let [at_once, resumed] = both("momentum", sgd, |done| resumable(shuffled(), 5, done));
    assert_eq!(at_once, resumed);
}

/// If this fails, Burn records where a loader is, and `resumable` is no longer needed for the order.
#[test]
fn without_the_loader_for_it_the_order_starts_again() {
    let adam = || AdamConfig::new().init();
    let [at_once, resumed] = both("order", adam, |_| shuffled());
    assert_ne!(at_once, resumed);
}
