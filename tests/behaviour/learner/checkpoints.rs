//! Which checkpoints are kept.

use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::train::Learner;
use burn::train::checkpoint::MetricCheckpointingStrategy;
use burn::train::metric::store::{Aggregate, Direction, Split};
use diagrammatic::train::CellMetric;

use super::recorder::Recorder;
use super::{Digit, Directory, Stack, epoch_mean, loader};
use crate::common::{Distillation, DistillationBatch, DistillationConfig, distillation};

const EPOCHS: usize = 5;

/// What is learned is wrong here: five batches, of which the labels and not the images are reversed.
pub(super) fn misleading() -> Arc<dyn DataLoader<DistillationBatch>> {
    #[derive(Clone)]
    struct Reversed;

    impl burn::data::dataloader::batcher::Batcher<Digit, DistillationBatch> for Reversed {
        fn batch(&self, digits: Vec<Digit>, device: &Device) -> DistillationBatch {
            let mut batch = Stack { labels_lost: 0 }.batch(digits, device);
            batch.label = -batch.label + 9;
            batch
        }
    }

    let digits = InMemDataset::new((0..40).map(|i| Digit(i % 10)).collect());
    DataLoaderBuilder::new(Reversed).batch_size(8).build(digits)
}

/// The epochs whose model, optimiser and schedule are there.
fn kept(directory: &Directory) -> Vec<usize> {
    let there = |epoch: &usize| {
        let files = ["model", "optim", "scheduler"].map(|part| {
            let file = format!("checkpoint/{part}-{epoch}.bpk");
            directory.0.join(file).exists()
        });
        assert_eq!(files, [files[0]; 3], "the parts of epoch {epoch}");
        files[0]
    };
    (1..=EPOCHS).filter(there).collect()
}

/// The first epoch with the best mean in validation.
fn best(directory: &Directory, metric: &str, better: fn(f64, f64) -> bool) -> usize {
    let mean = |epoch| epoch_mean(&directory.0, "valid", epoch, metric);
    (2..=EPOCHS).fold(1, |best, epoch| {
        if better(mean(epoch), mean(best)) {
            epoch
        } else {
            best
        }
    })
}

#[test]
fn the_default_keeps_the_lowest_loss_and_the_last_two() {
    let directory = Directory::new("default");
    let mut model = distillation(&DistillationConfig::new());
    model.weights.soft = 0.0;
    let result = Distillation::training(&directory.0, loader(0), misleading(), &Device::default())
        .num_epochs(EPOCHS)
        .with_default_checkpointers()
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, AdamConfig::new().init(), 0.05));
    assert!(result.error.is_none(), "{:?}", result.error);
    let best = best(&directory, "Loss", |one, other| one < other);
    assert!(
        best < EPOCHS - 1,
        "epoch {best} would be kept as one of the last"
    );
    assert_eq!(kept(&directory), [best, EPOCHS - 1, EPOCHS]);
}

#[test]
fn a_strategy_keeps_the_best_by_a_cell() {
    let directory = Directory::new("cell");
    let hard = CellMetric::of(Distillation::diagram(), "hard").expect("a cell `hard`");
    let strategy =
        MetricCheckpointingStrategy::new(&hard, Aggregate::Mean, Direction::Lowest, Split::Valid);
    let mut model = distillation(&DistillationConfig::new());
    model.weights.soft = 0.0;
    let result = Distillation::training(&directory.0, loader(0), misleading(), &Device::default())
        .num_epochs(EPOCHS)
        .with_default_checkpointers()
        .with_checkpointing_strategy(strategy)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, AdamConfig::new().init(), 0.05));
    assert!(result.error.is_none(), "{:?}", result.error);
    let best = best(&directory, "hard", |one, other| one < other);
    assert!(best < EPOCHS, "epoch {best} would be kept as the last");
    assert_eq!(kept(&directory), [best]);
}

#[test]
fn metrics_are_found_by_the_names_in_the_diagram() {
    let diagram = Distillation::diagram();
    for name in ["Loss", "soft", "hard", "accuracy"] {
        assert!(CellMetric::of(diagram, name).is_some(), "{name}");
    }
    assert!(CellMetric::of(diagram, "loss").is_none());
}
