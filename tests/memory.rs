//! Steps of a training take as much memory and time late as early, whatever cells are off, watched, or skipped.
//!
//! Burn keeps a graph that no backward pass consumes. One that grows with the steps shows here as resident
//! memory, which Linux tells; so these tests are a program of their own, and run one after the other.
#![cfg(target_os = "linux")]

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use burn::optim::{GradientsParams, ModuleOptimizer, SgdConfig};
use burn::tensor::Distribution;
use diagrammatic::prelude::*;

static ALONE: Mutex<()> = Mutex::new(());

const STEPS: usize = 2000;
/// What may be resident more after all steps than after the first tenth, in bytes. One recorded step of the
/// smallest tower keeps 32 KiB, so that 1,800 of them would be 57 MiB.
const MOST: usize = 16 << 20;
/// How much longer a tenth of the steps may take than an early one: a graph that is kept is walked at every
/// step.
const LONGER: u32 = 8;

diagram! {
    /// Three towers: one that is trained, one that reads it, and one that shares nothing.
    Towers(side: f64 = 0.0) {
        dyn batch;
        data Image: [batch, 32];
        data Label: Int[batch];
        Feature: [batch, 64];
        Logits: [batch, 4];
        Code: [batch, 64];

        Image --trunk--> Feature --head--> Logits;
        Feature --project--> Code;
        Image --other--> Code;
        Image --slow--> Code --narrow--> Logits;

        trunk = linear >> batch_norm >> relu >> dropout(0.1);
        head = linear;
        project = linear;
        other = linear(64) >> relu >> linear;
        slow = linear;
        narrow = linear;

        fit: trunk >> head ~ Label by cross_entropy;
        apart: other ~ 0 by huber(delta = learned(1.0)) weight side;
        shared: minimize trunk >> project by variance weight side;
        drift: slow ~ trunk >> project weight side;
        tied: slow >> narrow ~ trunk >> head weight side;
        near: trunk >> head ~ stop(slow >> narrow) weight 0.5;
        watch accuracy: trunk >> head ~ Label by accuracy;
        watch far: slow ~ trunk >> project by mse;
    }
}

fn batch(device: &Device) -> TowersBatch {
    TowersBatch {
        image: Tensor::random([128, 32], Distribution::Normal(0.0, 1.0), device),
        label: Tensor::<1>::random([128], Distribution::Uniform(0.0, 4.0), device).int(),
    }
}

fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").expect("Linux tells");
    let pages = statm.split_whitespace().nth(1).expect("resident pages");
    pages.parse::<usize>().expect("a number") * 4096
}

/// Takes all steps, and asserts that memory and time do not grow with them.
fn steps(mut step: impl FnMut(usize)) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let tenth = STEPS / 10;
    let mut tenth_of_steps = |part: usize| {
        let start = Instant::now();
        (0..tenth).for_each(|index| step(part * tenth + index));
        start.elapsed()
    };
    // What is taken once is taken in the first of them.
    tenth_of_steps(0);
    let (early, first) = (resident(), tenth_of_steps(1));
    for part in 2..10 {
        let took = tenth_of_steps(part);
        let (late, done) = (resident(), (part + 1) * tenth);
        assert!(
            late < early + MOST,
            "{early} bytes after {tenth} steps, {late} after {done}"
        );
        assert!(
            took < first * LONGER,
            "{first:?} for {tenth} steps became {took:?} after {done}"
        );
    }
}

struct Training {
    model: Towers,
    optimizer: ModuleOptimizer,
    batch: TowersBatch,
}

impl Training {
    fn new() -> Self {
        let device = Device::default().autodiff();
        Training {
            model: TowersConfig::new().init(&device),
            optimizer: SgdConfig::new().init(),
            batch: batch(&device),
        }
    }

    fn step(&mut self) {
        let loss = self.model.loss(self.batch.clone());
        let gradients = GradientsParams::from_grads(loss.total.backward(), &self.model);
        self.model = self.optimizer.step(1e-2, self.model.clone(), gradients);
    }
}

#[test]
fn cells_of_weight_0() {
    let mut training = Training::new();
    steps(|_| training.step());
    let loss = training.model.loss(training.batch);
    assert!(loss.fit.is_tracked() && !loss.apart.is_tracked() && !loss.shared.is_tracked());
    assert!(loss.apart.into_scalar::<f32>() > 0.0, "it is evaluated");
}

#[test]
fn evaluation_between_steps() {
    let mut training = Training::new();
    steps(|_| {
        training.step();
        let evaluation = training.model.evaluate(training.batch.clone());
        assert!(!evaluation.accuracy.is_tracked());
    });
}

#[test]
fn watches_alone() {
    let training = Training::new();
    steps(|_| drop(training.model.evaluate(training.batch.clone())));
}

#[test]
fn the_gradients_of_each_cell() {
    let mut training = Training::new();
    training.model.hyper.side = 0.5;
    steps(|step| {
        // On and off again.
        training.model.hyper.side = if step % 3 == 0 { 0.5 } else { 0.0 };
        let all = training.model.gradients(training.batch.clone());
        assert!(!all.fit.is_empty());
    });
}

#[test]
fn skipped_steps() {
    let mut training = Training::new();
    steps(|step| {
        if step % 2 == 0 {
            let loss = training.model.loss(training.batch.clone());
            assert!(loss.check().is_ok());
        } else {
            training.step();
        }
    });
}

#[test]
fn steps_of_which_every_weight_is_0() {
    let mut training = Training::new();
    training.model.weights.fit = 0.0;
    steps(|_| training.step());
}
