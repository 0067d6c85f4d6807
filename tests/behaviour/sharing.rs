//! Each application is evaluated once a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::nn::{Linear, LinearConfig};
use burn::prelude::*;
use burn::train::{InferenceStep, TrainStep};
use diagrammatic::diagram;

use crate::common::{BATCH, device, random};

/// A module that counts its calls.
#[derive(Module, Debug)]
struct Counted {
    linear: Linear,
    #[module(skip)]
    calls: Arc<AtomicUsize>,
}

impl Counted {
    fn new(inputs: usize, outputs: usize) -> Self {
        Counted {
            linear: LinearConfig::new(inputs, outputs).init(&device()),
            calls: Arc::default(),
        }
    }

    fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.linear.forward(x)
    }
}

diagram! {
    Shared {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];
        data Target: Code;

        Image --trunk--> Code;
        Code --turn--> Code;
        Code --watched--> Code;

        trunk = Counted;
        turn = frozen Counted;
        watched = Counted;
        whole = trunk >> turn;

        fit: trunk >> turn ~ Target;
        still: turn(trunk(Image)) ~ trunk;
        round: whole >> turn ~ whole;
        used: watched(Target) ~ Target weight 0.0;
        watch far: watched(trunk) ~ trunk by mse;
        watch near: whole ~ Target by mse;
    }
}

struct Counts {
    model: Shared,
    calls: [Arc<AtomicUsize>; 3],
}

impl Counts {
    fn new() -> Self {
        let modules = SharedModules {
            trunk: Counted::new(6, 4),
            turn: Counted::new(4, 4),
            watched: Counted::new(4, 4),
        };
        let calls = [&modules.trunk, &modules.turn, &modules.watched];
        let calls = calls.map(|module| Arc::clone(&module.calls));
        let model = SharedConfig::new().init(modules, &device());
        Counts { model, calls }
    }

    /// Calls of `trunk`, `turn` and `watched` in one call of the model.
    fn of<T>(&self, call: impl FnOnce(&Shared, SharedBatch) -> T) -> [usize; 3] {
        let batch = SharedBatch {
            image: random([BATCH, 6]),
            target: random([BATCH, 4]),
        };
        for calls in &self.calls {
            calls.store(0, Ordering::Relaxed);
        }
        let _ = call(&self.model, batch);
        self.calls
            .each_ref()
            .map(|calls| calls.load(Ordering::Relaxed))
    }
}

#[test]
fn every_application_is_evaluated_once() {
    let counts = Counts::new();
    // `turn` stands on two terms: on `trunk`, and on `whole`.
    assert_eq!(counts.of(Shared::loss), [1, 2, 1]);
    assert_eq!(counts.of(<Shared as TrainStep>::step), [1, 2, 1]);
    // `watched` stands on two terms: on `Target`, and on `trunk`.
    assert_eq!(counts.of(<Shared as InferenceStep>::step), [1, 2, 2]);
}

#[test]
fn what_nothing_needs_does_not_run() {
    let counts = Counts::new();
    assert_eq!(counts.of(Shared::evaluate), [1, 1, 1]);
    assert_eq!(
        counts.of(|model, batch| model.trunk(batch.image)),
        [1, 0, 0]
    );
    assert_eq!(
        counts.of(|model, batch| model.whole(batch.image)),
        [1, 1, 0]
    );
}

#[test]
fn a_bad_batch_runs_nothing() {
    let counts = Counts::new();
    let calls = counts.of(|model, batch| {
        let image = batch.image.narrow(0, 0, 3);
        assert!(model.try_loss(SharedBatch { image, ..batch }).is_err());
    });
    assert_eq!(calls, [0, 0, 0]);
}

diagram! {
    WatchedFirst {
        dyn batch;

        data Image: [batch, 6];
        Code: [batch, 4];
        data Target: Code;

        Image --model--> Code;
        model = linear;

        watch same: Target ~ Target by mse;
        fit: model ~ Target weight 0.5;
        watch near: model ~ Target by mse;
        model(Image) ~ Target weight 0.25;
    }
}

#[test]
fn a_watch_may_stand_before_a_cell() {
    let model = WatchedFirstConfig::new().init(&device());
    let batch = || WatchedFirstBatch {
        image: random([BATCH, 6]),
        target: Tensor::ones([BATCH, 4], &device()),
    };
    let output = InferenceStep::step(&model, batch());
    let value = |name| output.get(name).unwrap().clone().into_scalar::<f32>();
    let error = value("near");
    assert!(error > 0.0);
    let same: f32 = value("same");
    assert!(same.abs() < 1e-12);
    for name in ["fit", "model(Image) ~ Target by mse"] {
        assert!((value(name) - error).abs() < 1e-6, "{name}");
    }
    assert!((value("Loss") - 0.75 * error).abs() < 1e-6);
}
