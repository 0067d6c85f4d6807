//! One training step (forward, backward, Adam) of generated models against the same steps written by
//! hand with Burn, on the same weights and data.
//!
//! `cargo bench -p diagrammatic-benches --bench step`, with `-- --quick` for a look that it runs.
//! Before anything is timed, loss and gradients of the two must be equal.
//!
//! Steps are timed in pairs whose order alternates, so that what else the machine does meets both
//! alike. What counts is the median over the pairs of generated / hand-written: at 1.00 the diagram
//! costs nothing. The *control* compares the hand-written model with itself: what it is off from 1.00 by
//! is the machine's part.

#[path = "step/convolution.rs"]
mod convolution;
#[path = "step/distillation.rs"]
mod distillation;
#[path = "step/mlp.rs"]
mod mlp;

use std::time::Instant;

use diagrammatic::burn;
use diagrammatic_benches::{Median, quick};

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{AdamConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Tensor};

/// So small that what is timed stays the same over all steps.
const LEARNING_RATE: f64 = 1e-6;

fn main() {
    let device = Device::flex().autodiff();
    device.seed(1);
    let (generated, by_hand) = distillation::models(&device);
    compare("distillation (batch 64)", generated, by_hand);
    let (generated, by_hand) = convolution::models(&device);
    compare("convolution (batch 32)", generated, by_hand);
    let (generated, by_hand) = mlp::models(&device);
    compare("perceptron (batch 128)", generated, by_hand);
}

/// What can be trained.
trait Model: Module {
    type Batch: Clone;

    fn total(&self, batch: Self::Batch) -> Tensor<1>;
}

/// A model with what a step of training takes.
#[derive(Clone)]
struct Trainer<M: Model> {
    model: M,
    batch: M::Batch,
    optimizer: ModuleOptimizer,
}

impl<M: Model> Trainer<M> {
    fn new(model: M, batch: M::Batch) -> Self {
        Trainer {
            model,
            batch,
            optimizer: AdamConfig::new().init(),
        }
    }

    fn step(mut self) -> Self {
        let total = self.model.total(self.batch.clone());
        let gradients = GradientsParams::from_grads(total.backward(), &self.model);
        self.model = self.optimizer.step(LEARNING_RATE, self.model, gradients);
        self
    }

    fn loss_and_gradients(&self) -> (f32, GradientsParams) {
        let total = self.model.total(self.batch.clone());
        let loss = total.clone().into_scalar::<f32>();
        let gradients = GradientsParams::from_grads(total.backward(), &self.model);
        (loss, gradients)
    }
}

/// The trainer after a step, and the seconds that it took.
fn timed<M: Model>(trainer: Trainer<M>) -> (Trainer<M>, f64) {
    let start = Instant::now();
    let trainer = trainer.step();
    (trainer, start.elapsed().as_secs_f64())
}

fn compare<G: Model, H: Model>(name: &str, generated: Trainer<G>, by_hand: Trainer<H>) {
    assert_equal(&generated, &by_hand);
    print(name, &pairs(generated, by_hand.clone()));
    print("  control", &pairs(by_hand.clone(), by_hand));
}

/// The seconds of one step and of the other, pair by pair.
fn pairs<A: Model, B: Model>(mut one: Trainer<A>, mut other: Trainer<B>) -> Vec<[f64; 2]> {
    let (warm_up, count) = if quick() { (2, 10) } else { (50, 400) };
    let mut pairs = Vec::with_capacity(count);
    for pair in 0..warm_up + count {
        let mut seconds = [0.0; 2];
        let [first, second] = &mut seconds;
        if pair % 2 == 0 {
            (one, *first) = timed(one);
            (other, *second) = timed(other);
        } else {
            (other, *second) = timed(other);
            (one, *first) = timed(one);
        }
        if pair >= warm_up {
            pairs.push(seconds);
        }
    }
    pairs
}

fn print(name: &str, pairs: &[[f64; 2]]) {
    let median =
        |value: fn(&[f64; 2]) -> f64| Median::of(&pairs.iter().map(value).collect::<Vec<_>>());
    let generated = median(|[generated, _]| generated * 1e6).value;
    let by_hand = median(|[_, by_hand]| by_hand * 1e6).value;
    let ratio = median(|[generated, by_hand]| generated / by_hand);
    println!(
        "{name:24}  {generated:9.1} us  {by_hand:9.1} us  ratio {:.4}  [{:.4}, {:.4}]  {} pairs",
        ratio.value,
        ratio.low,
        ratio.high,
        pairs.len()
    );
}

/// The loss, and the gradient of every parameter that either trains, agree to 1e-5 of the largest entry.
fn assert_equal<G: Model, H: Model>(generated: &Trainer<G>, by_hand: &Trainer<H>) {
    let (loss, gradients) = generated.loss_and_gradients();
    let (expected_loss, expected) = by_hand.loss_and_gradients();
    assert_close(&[loss], &[expected_loss]);
    assert_eq!(gradients.len(), expected.len());
    let mut compared = Compared {
        gradients: &gradients,
        expected: &expected,
        count: 0,
    };
    by_hand.model.visit(&mut compared);
    assert_eq!(compared.count, expected.len());
}

fn assert_close(values: &[f32], expected: &[f32]) {
    assert_eq!(values.len(), expected.len());
    let largest = expected
        .iter()
        .fold(0.0, |most, value| value.abs().max(most));
    assert!(largest > 0.0);
    for (value, expected) in values.iter().zip(expected) {
        let difference = (value - expected).abs();
        assert!(difference <= 1e-5 * largest, "{value} is not {expected}");
    }
}

struct Compared<'g> {
    gradients: &'g GradientsParams,
    expected: &'g GradientsParams,
    count: usize,
}

impl ModuleVisitor for Compared<'_> {
    fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
        let Some(expected) = self.expected.get::<D>(parameter.id) else {
            return;
        };
        let gradient = self.gradients.get::<D>(parameter.id);
        let gradient = gradient.expect("a gradient of the generated model");
        assert_close(&entries(gradient), &entries(expected));
        self.count += 1;
    }
}

fn entries<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().expect("floats")
}
