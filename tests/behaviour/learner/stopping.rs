//! Trainings that end before their last epoch.

use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::train::logger::InMemoryMetricLogger;
use burn::train::metric::store::{Aggregate, Direction, Split};
use burn::train::{
    Interrupter, Learner, LearningResult, MetricEarlyStoppingStrategy, StoppingCondition,
};
use diagrammatic::train::CellMetric;

use super::checkpoints::misleading;
use super::recorder::Recorder;
use super::{Directory, epoch_mean, loader, weights};
use crate::common::{Distillation, DistillationConfig, distillation};

const EPOCHS: usize = 40;
const PATIENCE: usize = 2;

/// Trains until this metric has not been better for a while; gives the last epoch.
fn last_epoch(directory: &Directory, metric: &str, direction: Direction) -> usize {
    let metric = CellMetric::of(Distillation::diagram(), metric).expect("the metric");
    let condition = StoppingCondition::NoImprovementSince { n_epochs: PATIENCE };
    let stop = MetricEarlyStoppingStrategy::new(
        &metric,
        Aggregate::Mean,
        direction,
        Split::Valid,
        condition,
    );
    let valid = match direction {
        Direction::Lowest => misleading(),
        Direction::Highest => loader(0),
    };
    let mut model = distillation(&DistillationConfig::new());
    model.weights.soft = 0.0;
    let result = Distillation::training(&directory.0, loader(0), valid, &Device::default())
        .num_epochs(EPOCHS)
        .early_stopping(stop)
        .renderer(Box::new(Recorder::default()))
        .launch(Learner::new(model, AdamConfig::new().init(), 0.02));
    assert!(result.error.is_none() && result.interrupted.is_none());
    let there = |epoch: &usize| directory.0.join(format!("valid/epoch-{epoch}")).exists();
    (1..=EPOCHS).take_while(there).count()
}

/// The epoch at which to stop, from the values in the logs.
fn expected(directory: &Directory, last: usize, metric: &str, sign: f64) -> Option<usize> {
    let (mut best, mut best_epoch) = (f64::MAX, 1);
    (1..=last).find(|&epoch| {
        let value = sign * epoch_mean(&directory.0, "valid", epoch, metric);
        if value < best {
            (best, best_epoch) = (value, epoch);
            return false;
        }
        epoch - best_epoch >= PATIENCE
    })
}

#[test]
fn training_stops_when_the_loss_gets_no_lower() {
    let directory = Directory::new("stop-loss");
    let last = last_epoch(&directory, "Loss", Direction::Lowest);
    assert!(last < EPOCHS, "it never stopped");
    assert_eq!(expected(&directory, last, "Loss", 1.0), Some(last));
}

#[test]
fn training_stops_when_a_watch_gets_no_higher() {
    let directory = Directory::new("stop-watch");
    let last = last_epoch(&directory, "accuracy", Direction::Highest);
    assert!(last < EPOCHS, "it never stopped");
    assert_eq!(expected(&directory, last, "accuracy", -1.0), Some(last));
}

/// A training that goes on until `stop` is called, after its first epoch.
fn stopped(
    test: &str,
    stop: impl FnOnce(&Interrupter) + Send + 'static,
) -> LearningResult<Distillation> {
    let directory = Directory::new(test);
    let model = distillation(&DistillationConfig::new());
    let before = weights(&model);
    let recorder = Recorder::default();
    let interrupter = Interrupter::new();
    let training = Distillation::training(&directory.0, loader(0), loader(0), &Device::default())
        .num_epochs(1_000_000)
        .with_interrupter(interrupter.clone())
        .with_metric_logger(InMemoryMetricLogger::new())
        .renderer(Box::new(recorder.clone()));
    let watching = std::thread::spawn(move || {
        while recorder.of("valid", "Loss").is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        stop(&interrupter);
    });
    let result = training.launch(Learner::new(model, AdamConfig::new().init(), 0.02));
    watching.join().expect("the other thread ends");
    assert!(result.error.is_none(), "{:?}", result.error);
    let after = weights(&result.model);
    assert_ne!(after[..2], before[..2]);
    assert_eq!(after[2], before[2], "the teacher is frozen");
    result
}

fn reason(result: LearningResult<Distillation>) -> Option<String> {
    result.interrupted.expect("it was stopped").reason
}

#[test]
fn another_thread_can_end_it() {
    let result = stopped("interrupt", |interrupter| {
        interrupter.stop(Some("one epoch is enough"));
    });
    assert_eq!(reason(result).as_deref(), Some("one epoch is enough"));
}

/// As the page on training shows it, with the signal that a terminal sends.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let result = stopped("ctrl-c", |interrupter| {
        let handle = interrupter.clone();
        ctrlc::set_handler(move || handle.stop(Some("Ctrl-C"))).expect("the only handler");
        let kill = format!("kill -INT {}", std::process::id());
        let sent = std::process::Command::new("sh")
            .args(["-c", &kill])
            .status();
        assert!(sent.expect("a shell").success());
    });
    assert_eq!(reason(result).as_deref(), Some("Ctrl-C"));
}
