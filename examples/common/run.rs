//! A training under Burn's learner, as every example runs it.

#[path = "progress.rs"]
mod progress;

use std::error::Error;
use std::time::Instant;

use diagrammatic::burn;

use burn::optim::AdamConfig;
use burn::train::logger::InMemoryMetricLogger;
use burn::train::{Learner, LearnerModel, SupervisedTraining};

use progress::ProgressLine;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Trains with Adam; gives the model without autodiff, and the seconds.
pub(crate) fn launch<M: LearnerModel>(
    training: SupervisedTraining<M>,
    model: M,
    label: &str,
    rate: f64,
) -> Result<(M, f64)> {
    // Parameters draw their first values when they are first used: here, right after the seed.
    let _ = model.clone().into_record();
    let start = Instant::now();
    let result = training
        .label(label)
        .renderer(Box::new(ProgressLine::new(&["Loss", "accuracy"])))
        .with_metric_logger(InMemoryMetricLogger::new())
        .with_application_logger(None)
        .launch(Learner::new(model, AdamConfig::new().init(), rate));
    match result.error {
        Some(error) => Err(error.into()),
        None => Ok((result.model, start.elapsed().as_secs_f64())),
    }
}
