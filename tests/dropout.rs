//! Dropout against hand-written Burn code, and in a training that is resumed. Draws come from one
//! stream of the process, so the tests of this program run one after the other.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::nn::DropoutConfig;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::tensor::TensorData;
use burn::tensor::activation::relu;
use burn::train::Learner;
use diagrammatic::diagram;
use diagrammatic::train::resumable;

static STREAM: Mutex<()> = Mutex::new(());

diagram! {
    Noisy(rate: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 8];
        data Target: [batch, 4];

        Image --model--> Target;

        model = linear(16) >> relu >> dropout(rate) >> linear;

        fit: model ~ Target;
        same: model ~ Target weight 0.5;
    }
}

#[test]
fn one_application_makes_one_draw_in_training_only() {
    let _alone = STREAM.lock().unwrap_or_else(PoisonError::into_inner);
    let device = Device::default().autodiff();
    // Weights are drawn when they are first used; `valid` uses them.
    let noisy = NoisyConfig::new().init(&device).valid().train();
    let random = |width| Tensor::random([5, width], burn::tensor::Distribution::Default, &device);
    let batch = NoisyBatch {
        image: random(8),
        target: random(4),
    };
    let by_hand = |noisy: &Noisy, seed| {
        device.seed(seed);
        let x = relu(noisy.model.linear_1.forward(batch.image.clone()));
        let x = DropoutConfig::new(0.5).init().forward(x);
        let x = noisy.model.linear_2.forward(x) - batch.target.clone();
        x.square().mean().into_scalar::<f32>()
    };
    let generated = |noisy: &Noisy, seed| {
        device.seed(seed);
        let loss = noisy.loss(batch.clone());
        let [fit, same] = [loss.fit, loss.same].map(|cell| cell.into_scalar::<f32>().to_bits());
        assert_eq!(fit, same, "two cells share one application, so one draw");
        f32::from_bits(fit)
    };
    for seed in [1, 2, 3] {
        let (one, other) = (generated(&noisy, seed), by_hand(&noisy, seed));
        assert!((one - other).abs() <= 1e-6, "{one} is not {other}");
    }
    assert!((generated(&noisy, 1) - generated(&noisy, 2)).abs() > 1e-6);
    let valid = noisy.valid();
    assert!((generated(&valid, 1) - generated(&valid, 2)).abs() <= 0.0);
    assert!((generated(&valid, 1) - by_hand(&noisy, 1)).abs() > 1e-6);
}

#[derive(Clone)]
struct Rows;

impl Batcher<f32, NoisyBatch> for Rows {
    fn batch(&self, rows: Vec<f32>, device: &Device) -> NoisyBatch {
        let count = rows.len();
        let entries = |width: u8| -> Vec<f32> {
            let row = |row: &f32| (0..width).map(move |k| f32::from(k) * row).collect();
            rows.iter().flat_map(|x| -> Vec<f32> { row(x) }).collect()
        };
        NoisyBatch {
            image: Tensor::from_data(TensorData::new(entries(8), [count, 8]), device),
            target: Tensor::from_data(TensorData::new(entries(4), [count, 4]), device),
        }
    }
}

fn shuffled() -> Arc<dyn DataLoader<NoisyBatch>> {
    let rows = (0_u8..24).map(|row| f32::from(row) / 24.0).collect();
    DataLoaderBuilder::new(Rows)
        .batch_size(8)
        .shuffle(1)
        .build(InMemDataset::new(rows))
}

/// The bits of both layers after training from a model of this seed.
fn trained(
    directory: &Path,
    seed: u64,
    (done, epochs): (usize, usize),
    loader: fn(usize) -> Arc<dyn DataLoader<NoisyBatch>>,
) -> Vec<u32> {
    let device = Device::default().autodiff();
    device.seed(seed);
    let model = NoisyConfig::new().init(&device);
    let _ = model.clone().into_record();
    let training = Noisy::training(directory, loader(done), shuffled(), &device)
        .num_epochs(epochs)
        .with_default_checkpointers();
    let training = if done == 0 {
        training
    } else {
        training.checkpoint(done)
    };
    let result = training.launch(Learner::new(model, AdamConfig::new().init(), 0.05));
    assert!(result.error.is_none(), "{:?}", result.error);
    let layers = [result.model.model.linear_1, result.model.model.linear_2];
    let bits = layers.map(|layer| {
        let entries: Vec<f32> = layer.weight.val().into_data().try_to_vec().expect("floats");
        entries.into_iter().map(f32::to_bits).collect::<Vec<_>>()
    });
    bits.concat()
}

/// The gradients of cells alone: the pass of each makes the draws of the first.
#[test]
fn all_passes_make_one_draw() {
    let _alone = STREAM.lock().unwrap_or_else(PoisonError::into_inner);
    let device = Device::default().autodiff();
    let noisy = NoisyConfig::new().init(&device);
    let random = |width| Tensor::random([5, width], burn::tensor::Distribution::Default, &device);
    let batch = NoisyBatch {
        image: random(8),
        target: random(4),
    };
    let gradients = || {
        let NoisyGradients { fit, same } = noisy.gradients(batch.clone());
        [fit, same].map(|cell| {
            let gradient = cell.get::<2>(noisy.model.linear_1.weight.id);
            let data = gradient.expect("a gradient").into_data();
            data.try_to_vec::<f32>().expect("floats")
        })
    };
    let ([fit, same], [other, _]) = (gradients(), gradients());
    let doubled: Vec<_> = same.iter().map(|entry| entry * 2.0).collect();
    assert_eq!(fit, doubled, "the second cell has half the weight");
    assert_ne!(fit, other, "each call has draws of its own");
    device.seed(3);
    let [one, _] = gradients();
    device.seed(3);
    assert_eq!(one, gradients()[0], "they follow from the device's seed");
}

#[test]
fn a_resumed_training_draws_as_one_at_once() {
    let _alone = STREAM.lock().unwrap_or_else(PoisonError::into_inner);
    let root = std::env::temp_dir().join(format!("diagrammatic-dropout-{}", std::process::id()));
    let both = |test: &str, loader| {
        let at_once = trained(&root.join(test).join("at-once"), 1, (0, 4), loader);
        let halves = root.join(test).join("halves");
        let first = trained(&halves, 1, (0, 2), loader);
        let resumed = trained(&halves, 2, (2, 4), loader);
        assert_ne!(first, resumed, "nothing was trained after resuming");
        (at_once, resumed)
    };
    let (at_once, resumed) = both("resumable", |done| resumable(shuffled(), 9, done));
    assert_eq!(at_once, resumed);
    // Burn alone starts order and masks again, from wherever the stream is.
    let (at_once, resumed) = both("plain", |_| shuffled());
    assert_ne!(at_once, resumed);
    let _ = std::fs::remove_dir_all(root);
}
