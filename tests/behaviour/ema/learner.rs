//! Averages under Burn's learner.

use std::sync::Arc;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::optim::{AdamConfig, GradientsParams};
use burn::prelude::*;
use burn::tensor::TensorData;
use burn::train::{Learner, LearningResult};
use diagrammatic::diagram;
use diagrammatic::train::resumable;

use crate::common::{device, entries};
use crate::learner::Directory;
use crate::learner::recorder::Recorder;

diagram! {
    /// A prediction of what the average of its first part makes of a second view, without draws.
    pub(crate) Slow {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Code --predict--> Code;

        online = linear >> batch_norm;
        target = ema(online, decay = 0.8);
        predict = linear;

        online >> predict ~ target by cosine;
    }
}

#[derive(Clone)]
struct Stack;

impl Batcher<u8, SlowBatch> for Stack {
    fn batch(&self, items: Vec<u8>, device: &Device) -> SlowBatch {
        let count = items.len();
        let entry =
            |item: &u8, at: u8| f32::from(item.wrapping_mul(37) ^ at.wrapping_mul(91)) / 64.0;
        let rows = items
            .iter()
            .flat_map(|item| (0..6).map(|at| entry(item, at)));
        let rows: Vec<f32> = rows.collect();
        SlowBatch {
            image: Tensor::from_data(TensorData::new(rows, [count, 6]), device),
        }
    }
}

/// Four batches of four.
fn loader(seed: Option<u64>) -> Arc<dyn DataLoader<SlowBatch>> {
    let items = InMemDataset::new((0..16).collect());
    let builder = DataLoaderBuilder::new(Stack).batch_size(4);
    match seed {
        Some(seed) => builder.shuffle(seed).build(items),
        None => builder.build(items),
    }
}

fn model() -> Slow {
    let model = SlowConfig::new().init(&device());
    // Its numbers are drawn when they are asked for first.
    let _ = model.clone().into_record();
    model
}

/// Every number of the model.
fn numbers(model: &Slow) -> Vec<Vec<f32>> {
    let mut all = vec![entries(&model.predict.linear_1.weight.val())];
    for part in [&model.online, &model.target] {
        all.push(entries(&part.linear_1.weight.val()));
        all.push(entries(&part.batch_norm_1.gamma.val()));
        all.push(entries(&part.batch_norm_1.running_mean.value_sync()));
        all.push(entries(&part.batch_norm_1.running_var.value_sync()));
    }
    all
}

fn train(
    directory: &Directory,
    model: Slow,
    loader: Arc<dyn DataLoader<SlowBatch>>,
    (done, epochs): (usize, usize),
    accumulated: usize,
) -> LearningResult<Slow> {
    let training = Slow::training(&directory.0, loader, self::loader(None), &Device::default())
        .num_epochs(epochs)
        .with_default_checkpointers()
        .renderer(Box::new(Recorder::default()));
    let training = match done {
        0 => training,
        done => training.checkpoint(done),
    };
    let training = match accumulated {
        1 => training,
        several => training.grads_accumulation(several),
    };
    training.launch(Learner::new(model, AdamConfig::new().init(), 0.02))
}

/// As in a loop of one's own: once a step of the optimiser, and not once a batch.
#[test]
fn the_learner_moves_it_once_a_step() {
    for accumulated in [1, 2] {
        let model = model();
        let mut by_hand = copied(&model);
        let directory = Directory::new(&format!("ema-{accumulated}"));
        let result = train(&directory, model.clone(), loader(None), (0, 1), accumulated);
        assert!(result.error.is_none(), "{:?}", result.error);
        assert_ne!(
            numbers(&result.model)[5],
            numbers(&by_hand)[5],
            "it has moved"
        );

        let mut optimizer = AdamConfig::new().init();
        let batches = loader(None).to_device(&device());
        let batches: Vec<_> = batches
            .iter()
            .map(|batch| batch.expect("a batch"))
            .collect();
        for together in batches.chunks(accumulated) {
            let total = together
                .iter()
                .map(|batch| by_hand.loss(batch.clone()).total);
            let total = total.reduce(|one, other| one + other).expect("a batch");
            let gradients = GradientsParams::from_grads(total.backward(), &by_hand);
            by_hand = optimizer.step(0.02, by_hand, gradients);
            by_hand.update_averages();
        }
        let expected = numbers(&by_hand);
        for (values, expected) in numbers(&result.model).iter().zip(&expected) {
            super::assert_near(values, expected);
        }
    }
}

#[test]
fn resuming_goes_on_bit_for_bit() {
    let first = model();
    let at_once = Directory::new("ema-at-once");
    let shuffled = |done| resumable(loader(Some(3)), 5, done);
    let at_once = train(&at_once, copied(&first), shuffled(0), (0, 4), 1);

    let halves = Directory::new("ema-halves");
    let half = train(&halves, copied(&first), shuffled(0), (0, 2), 1);
    let other = model();
    assert_ne!(numbers(&other), numbers(&half.model));
    let resumed = train(&halves, other, shuffled(2), (2, 4), 1);
    assert_ne!(numbers(&resumed.model)[5], numbers(&half.model)[5]);
    assert_eq!(numbers(&resumed.model), numbers(&at_once.model));
}

/// The same numbers and ids, with running statistics of its own.
fn copied(model: &Slow) -> Slow {
    model.valid().train()
}
