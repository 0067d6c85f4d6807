//! A bad batch in the middle of a training costs nothing that was there.

use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::train::Learner;

use super::recorder::Recorder;
use super::{Digit, Directory, Stack, batches, loader, weights};
use crate::common::{Distillation, DistillationBatch, DistillationConfig, distillation};

/// Two batches of eight, then one of a single digit that has no label.
fn broken() -> Arc<dyn DataLoader<DistillationBatch>> {
    let digits = InMemDataset::new((0..17).map(|i| Digit(i % 10)).collect());
    DataLoaderBuilder::new(Late).batch_size(8).build(digits)
}

#[derive(Clone)]
struct Late;

impl burn::data::dataloader::batcher::Batcher<Digit, DistillationBatch> for Late {
    fn batch(&self, digits: Vec<Digit>, device: &Device) -> DistillationBatch {
        let labels_lost = usize::from(digits.len() < 8);
        Stack { labels_lost }.batch(digits, device)
    }
}

#[test]
fn the_model_of_the_last_good_step_is_returned() {
    let directory = Directory::new("middle");
    let model = distillation(&DistillationConfig::new());
    let _ = model.clone().into_record();
    let mut by_hand = model.clone();

    let result = Distillation::training(&directory.0, broken(), loader(0), &Device::default())
        .num_epochs(3)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, SgdConfig::new().init(), 0.1));
    let error = result.error.expect("the training stops").to_string();
    assert!(error.contains("`Label`"), "{error}");
    assert!(error.contains("[D080"), "{error}");

    let mut optimizer = SgdConfig::new().init();
    for batch in batches(&loader(0)).into_iter().take(2) {
        let loss = by_hand.loss(batch);
        let gradients = GradientsParams::from_grads(loss.total.backward(), &by_hand);
        by_hand = optimizer.step(0.1, by_hand, gradients);
    }
    assert_eq!(weights(&result.model), weights(&by_hand));
}

#[test]
fn a_bad_batch_of_validation_keeps_the_epoch() {
    let directory = Directory::new("validation");
    let model = distillation(&DistillationConfig::new());
    let before = weights(&model);
    let result = Distillation::training(&directory.0, loader(0), broken(), &Device::default())
        .num_epochs(3)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, SgdConfig::new().init(), 0.1));
    let error = result.error.expect("the training stops").to_string();
    assert!(error.contains("`Label`"), "{error}");
    assert_ne!(weights(&result.model)[..2], before[..2]);
}

#[test]
fn a_class_that_there_is_not_ends_the_training() {
    let directory = Directory::new("beyond");
    let digits = (0..24).map(|i| Digit(if i == 20 { 10 } else { i % 10 }));
    let train = DataLoaderBuilder::new(Stack { labels_lost: 0 })
        .batch_size(8)
        .build(InMemDataset::new(digits.collect()));
    let model = distillation(&DistillationConfig::new());
    let result = Distillation::training(&directory.0, train, loader(0), &Device::default())
        .num_epochs(1)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, SgdConfig::new().init(), 0.1));
    let error = result.error.expect("the training stops").to_string();
    assert!(
        error.contains("`Label` holds 10 at [4], but the classes of `hard` are 0 to 9 [D0807]"),
        "{error}"
    );
}

#[test]
fn a_loss_that_is_not_finite_ends_the_training_and_names_its_cell() {
    let directory = Directory::new("infinite");
    let model = distillation(&DistillationConfig::new());
    let result = Distillation::training(&directory.0, loader(0), loader(0), &Device::default())
        .num_epochs(3)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, SgdConfig::new().init(), 1e38));
    let error = result.error.expect("the training stops").to_string();
    assert!(
        error.contains(
            "the loss is NaN: of its cells, `soft` is the first that is not finite [D0808]"
        ),
        "{error}"
    );
}

/// The first training ends well, and the second goes on from it and fails.
#[test]
fn a_loss_that_is_not_finite_names_the_last_checkpoint_of_before() {
    let directory = Directory::new("spoiled");
    let training = || {
        Distillation::training(&directory.0, loader(0), loader(0), &Device::default())
            .with_default_checkpointers()
            .renderer(Box::new(Recorder::default()))
    };
    let model = || distillation(&DistillationConfig::new());
    let learner = |rate: f64| Learner::new(model(), SgdConfig::new().init(), rate);
    let result = training().num_epochs(1).launch(learner(0.1));
    assert!(result.error.is_none());

    let result = training().num_epochs(2).checkpoint(1).launch(learner(1e38));
    let error = result.error.expect("the training stops").to_string();
    let last = directory.0.join("checkpoint").join("model-1.bpk");
    let expected = format!("the last checkpoint of before is `{}`", last.display());
    assert!(last.is_file() && error.contains(&expected), "{error}");
}

#[test]
fn every_batch_of_a_checked_loader_is_looked_at() {
    use diagrammatic::train::checked;

    let spoiled = |position: usize| {
        let digits = (0..24).map(|i| Digit(i % 10));
        DataLoaderBuilder::new(Spoil { position })
            .batch_size(8)
            .build(InMemDataset::new(digits.collect()))
    };
    let errors =
        |loader: std::sync::Arc<dyn burn::data::dataloader::DataLoader<DistillationBatch>>| {
            let batches = loader.iter();
            batches
                .filter_map(Result::err)
                .map(|error| error.to_string())
                .collect::<Vec<_>>()
        };
    assert!(errors(checked(spoiled(24))).is_empty());
    let said = errors(checked(spoiled(20)));
    assert_eq!(said.len(), 1);
    assert!(
        said[0].contains("`Image` holds NaN at [4, 0, 0, 0] [D0814]"),
        "{said:?}"
    );
}

/// Stacks digits whose image is that of their label; the one at a position of the epoch is not a number.
#[derive(Clone)]
struct Spoil {
    position: usize,
}

impl burn::data::dataloader::batcher::Batcher<Digit, DistillationBatch> for Spoil {
    fn batch(&self, digits: Vec<Digit>, device: &Device) -> DistillationBatch {
        let count = digits.len();
        // Digits come in order, and the third batch starts with 6.
        let third = digits.first().is_some_and(|digit| digit.0 == 6);
        let mut image = Tensor::ones([count, 1, 8, 8], device);
        if third && (16..16 + count).contains(&self.position) {
            let at = self.position - 16;
            image = image.slice_fill([at..at + 1, 0..1, 0..1, 0..1], f32::NAN);
        }
        DistillationBatch {
            image,
            label: Tensor::zeros([count], device),
        }
    }
}
