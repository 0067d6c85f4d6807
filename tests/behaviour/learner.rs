//! Burn's learner trains a generated model.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::tensor::TensorData;
use burn::train::metric::{IterationSpeedMetric, LearningRateMetric};
use burn::train::{Learner, LearningResult};

mod bad;
mod checkpoints;
mod evaluating;
mod failing;
pub(crate) mod recorder;
mod resuming;
mod steps;
mod stopping;

use crate::common::{Distillation, DistillationBatch, DistillationConfig, distillation, entries};

/// The class of a digit is where it is bright.
#[derive(Clone, Debug)]
struct Digit(i64);

#[derive(Clone)]
struct Stack {
    labels_lost: usize,
}

impl Batcher<Digit, DistillationBatch> for Stack {
    fn batch(&self, digits: Vec<Digit>, device: &Device) -> DistillationBatch {
        let count = digits.len();
        let pixels = digits.iter().flat_map(|digit| {
            (0..64).map(|pixel| if pixel / 6 == digit.0 { 1.0_f32 } else { 0.0 })
        });
        let pixels: Vec<_> = pixels.collect();
        let classes: Vec<_> = digits.iter().map(|digit| digit.0).collect();
        DistillationBatch {
            image: Tensor::from_data(TensorData::new(pixels, [count, 1, 8, 8]), device),
            label: Tensor::from_data(&classes[self.labels_lost..], device),
        }
    }
}

/// Five batches of eight digits.
fn loader(labels_lost: usize) -> Arc<dyn DataLoader<DistillationBatch>> {
    let digits = InMemDataset::new((0..40).map(|i| Digit(i % 10)).collect());
    DataLoaderBuilder::new(Stack { labels_lost })
        .batch_size(8)
        .build(digits)
}

/// A directory of this test alone, removed with it.
pub(crate) struct Directory(pub(crate) PathBuf);

impl Directory {
    pub(crate) fn new(test: &str) -> Self {
        let name = format!("diagrammatic-learner-{test}-{}", std::process::id());
        Directory(std::env::temp_dir().join(name))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn train(
    directory: &Directory,
    model: Distillation,
    labels_lost: usize,
) -> LearningResult<Distillation> {
    let device = Device::default();
    Distillation::training(&directory.0, loader(labels_lost), loader(0), &device)
        .num_epochs(2)
        .with_default_checkpointers()
        .metric_train_numeric(LearningRateMetric::new())
        .metric_valid_numeric(IterationSpeedMetric::new())
        .launch(Learner::new(model, AdamConfig::new().init(), 0.02))
}

/// The batches of the loader, in its order, with gradients.
fn batches(loader: &Arc<dyn DataLoader<DistillationBatch>>) -> Vec<DistillationBatch> {
    let loader = loader.to_device(&crate::common::device());
    loader.iter().map(|batch| batch.expect("a batch")).collect()
}

/// The weights that training moves, and those of the frozen teacher.
fn weights(model: &Distillation) -> Vec<Vec<f32>> {
    [
        &model.student.linear_1.weight,
        &model.student.linear_2.weight,
        &model.teacher.linear.weight,
    ]
    .map(|weight| entries(&weight.val()))
    .to_vec()
}

/// The mean over an epoch's batches, which are of one size.
fn epoch_mean(directory: &Path, split: &str, epoch: usize, metric: &str) -> f64 {
    let values = logged(directory, split, epoch, metric);
    assert_eq!(values.len(), 5, "a value a batch of {split} {metric}");
    values.iter().sum::<f64>() / 5.0
}

/// The value of every batch, as the learner logged it; a last line has the epoch's.
fn logged(directory: &Path, split: &str, epoch: usize, metric: &str) -> Vec<f64> {
    let file = format!("{split}/epoch-{epoch}/{metric}.log");
    let text = std::fs::read_to_string(directory.join(&file));
    let text = text.unwrap_or_else(|error| panic!("{file}: {error}"));
    let lines = text.lines().filter(|line| !line.ends_with(",final"));
    let values = lines.filter_map(|line| line.split(',').next()?.parse().ok());
    values.collect()
}

#[test]
fn the_learner_trains_it() {
    let directory = Directory::new("trains");
    let model = distillation(&DistillationConfig::new());
    let teacher = entries(&model.teacher.linear.weight.val());
    let result = train(&directory, model, 0);
    assert!(result.error.is_none(), "{:?}", result.error);
    assert_eq!(entries(&result.model.teacher.linear.weight.val()), teacher);

    let mean = |split, epoch, metric| {
        let values = logged(&directory.0, split, epoch, metric);
        assert_eq!(values.len(), 5, "a value a batch of {split} {metric}");
        assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
        values.iter().sum::<f64>() / 5.0
    };
    for split in ["train", "valid"] {
        let (first, second) = (mean(split, 1, "Loss"), mean(split, 2, "Loss"));
        assert!(second < first, "{split}: {first}, then {second}");
        let cells = 0.7 * mean(split, 2, "soft") + 0.3 * mean(split, 2, "hard");
        assert!((second - cells).abs() < 1e-4, "{second} is not {cells}");
    }
    assert!((0.0..=1.0).contains(&mean("valid", 2, "accuracy")));
    assert!(!directory.0.join("train/epoch-1/accuracy.log").exists());
    // Burn's metrics that need no output of the model.
    assert_eq!(logged(&directory.0, "train", 1, "Learning_Rate"), [0.02; 5]);
    assert_eq!(logged(&directory.0, "valid", 1, "Iteration_Speed").len(), 5);
    for file in ["model-2.bpk", "optim-2.bpk", "scheduler-2.bpk"] {
        assert!(directory.0.join("checkpoint").join(file).exists(), "{file}");
    }
}

#[test]
fn a_bad_batch_ends_training_with_its_error() {
    let directory = Directory::new("bad");
    let model = distillation(&DistillationConfig::new());
    let before = entries(&model.student.linear_1.weight.val());
    let result = train(&directory, model, 3);
    let error = result.error.expect("training stops").to_string();
    let expected = "`batch` cannot be both 8 (of `Image`) and 5 (of `Label`) [D0801]";
    assert!(error.contains(expected), "{error}");
    assert_eq!(entries(&result.model.student.linear_1.weight.val()), before);
}
