//! The connection of a generated model to [Burn's learner](burn::train).

use std::path::Path;
use std::sync::Arc;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, ExecutionError, Tensor};
use burn::train::metric::{Adaptor, LossInput};
use burn::train::{
    ExecutionStrategy, InferenceStep, Interrupter, ItemLazy, LearnerModel, SupervisedTraining,
    TrainOutput, TrainStep,
};
use diagram_core::Diagram;

use crate::__private::or_panic;
use crate::error::DiagramError;
use crate::module::takes_gradients;
use crate::values::check_finite;

mod checked;
mod epochs;
mod evaluation;
mod failure;
mod metric;
#[cfg(test)]
mod tests;

use checked::Checked;
pub use checked::checked;
pub use epochs::resumable;
pub use evaluation::evaluator;
use failure::Failure;
pub use metric::CellMetric;
use metric::Metrics;

/// The data of one batch, as a diagram draws it.
pub trait Batch {
    /// Checks sizes and classes against the drawing. Classes are read back, so the call waits for a device
    /// that computes asynchronously.
    ///
    /// # Errors
    ///
    /// Data whose sizes disagree with each other or with the drawing, that are empty, or that hold a class
    /// that does not exist.
    fn check(&self) -> Result<(), DiagramError>;

    /// The same, without waiting for a device: classes are read on the CPU only.
    ///
    /// # Errors
    ///
    /// Those of [`check`](Batch::check).
    fn check_at_hand(&self) -> Result<(), DiagramError> {
        self.check()
    }
}

/// The values that a step hands to the learner's metrics: the total loss, then one value per trained cell
/// (unweighted), then, in validation, one per watch, each in the order of the diagram.
///
/// Every value is a tensor of shape `[1]` without a gradient.
#[derive(Clone, Debug)]
pub struct StepOutput {
    names: &'static [&'static str],
    values: Vec<Tensor<1>>,
    batch: usize,
}

impl StepOutput {
    /// The name of the total: Burn's default checkpoints keep the model whose metric of this name is
    /// the lowest.
    pub const LOSS: &'static str = "Loss";

    /// The values with their names, the total first, of a batch of this size. There may be fewer
    /// values than names: a training step has no watches. Gradients are dropped.
    #[must_use]
    pub fn new(names: &'static [&'static str], values: Vec<Tensor<1>>, batch: usize) -> Self {
        let values = values.into_iter().map(Tensor::without_autodiff).collect();
        StepOutput {
            names,
            values,
            batch,
        }
    }

    /// The values with their names, the total first.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &Tensor<1>)> {
        self.names.iter().copied().zip(&self.values)
    }

    /// The value of this name, if the step has one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Tensor<1>> {
        self.iter()
            .find(|(candidate, _)| *candidate == name)
            .map(|(_, value)| value)
    }

    /// Checks that the total is a finite number. It is read back, so the call waits for a device that
    /// computes asynchronously.
    ///
    /// # Errors
    ///
    /// The first cell that is infinite or not a number.
    pub fn check(&self) -> Result<(), DiagramError> {
        match self.values.first() {
            Some(total) => check_finite(total, self.iter().skip(1)),
            None => Ok(()),
        }
    }

    /// The number of samples in the batch.
    #[must_use]
    pub fn batch(&self) -> usize {
        self.batch
    }
}

impl ItemLazy for StepOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        // Nothing is read back here: a metric reads its own value on the metrics' thread.
        if let Some(value) = self.values.first() {
            value.device().flush()?;
        }
        Ok(self)
    }
}

impl Adaptor<StepOutput> for StepOutput {
    fn adapt(&self) -> StepOutput {
        self.clone()
    }
}

impl Adaptor<LossInput> for StepOutput {
    fn adapt(&self) -> LossInput {
        // A step without values has no loss, and a metric shows that as not a number.
        let absent = || Tensor::from_data([f32::NAN], &Device::default());
        LossInput::new(self.values.first().cloned().unwrap_or_else(absent))
    }
}

/// The result of a training step for the learner: the gradients of the total, and the values.
///
/// A total that trains nothing (every weight is 0) has no gradients.
///
/// # Panics
///
/// If no parameter of the model asks for a gradient: Burn's learner would go on and train nothing.
#[doc(hidden)]
#[track_caller]
pub fn train_step<M: Module>(
    model: &M,
    total: &Tensor<1>,
    output: StepOutput,
) -> TrainOutput<StepOutput> {
    let grads = if total.is_tracked() {
        GradientsParams::from_grads(total.backward(), model)
    } else {
        or_panic(trainable(model));
        GradientsParams::new()
    };
    TrainOutput {
        grads,
        item: output,
    }
}

/// Checks that a model can be trained: some parameter of it asks for a gradient.
pub(crate) fn trainable<M: Module>(model: &M) -> Result<(), DiagramError> {
    if takes_gradients(model) {
        return Ok(());
    }
    let name = std::any::type_name::<M>();
    let name = name.rsplit("::").next().unwrap_or(name).to_owned();
    Err(DiagramError::Untrainable { model: name })
}

/// Burn's supervised training, set up for a diagram: on this device, with batches that are checked. It has a
/// metric `Loss` and one metric per trained cell (in training and validation), and one per watch (in validation).
///
/// `higher_is_better` names the watches whose higher values are better. No application logger is
/// installed, since Burn's logger takes over the process's tracing and panic hook. Everything else is Burn's
/// default, and the caller goes on with Burn's own methods.
///
/// An error that ends the training is in Burn's result, and in one line on standard error when the training
/// ends, whatever renders its progress. If the caller passes an `Interrupter` of its own, the line is only for errors
/// of the data and of these metrics: use the one that [`SupervisedTraining::interrupter`] returns instead.
#[must_use]
pub fn training<M, B>(
    directory: impl AsRef<Path>,
    train: Arc<dyn DataLoader<B>>,
    valid: Arc<dyn DataLoader<B>>,
    device: &Device,
    diagram: &Diagram,
    higher_is_better: &[&str],
) -> SupervisedTraining<M>
where
    M: LearnerModel
        + TrainStep<Input = B, Output = StepOutput>
        + InferenceStep<Input = B, Output = StepOutput>,
    B: Batch + Send + 'static,
{
    let Metrics { trained, watched } = Metrics::of(diagram, higher_is_better);
    let directory: Arc<Path> = directory.as_ref().into();
    let interrupter = Interrupter::new();
    let failure = Arc::new(Failure::of(interrupter.clone()));
    let checked = |loader| Arc::new(Checked::of_training(loader, &failure));
    let training = SupervisedTraining::new(&directory, checked(train), checked(valid))
        .with_training_strategy(ExecutionStrategy::single(device.clone()).into())
        .with_application_logger(None)
        .with_interrupter(interrupter);
    let trained = trained
        .into_iter()
        .map(|metric| metric.of_training(&failure));
    let training = trained.fold(training, |training, metric| {
        // The value of the total is read at every step anyway, so it can be checked there.
        let while_training = if metric.index == 0 {
            metric.clone().finite(&directory)
        } else {
            metric.clone()
        };
        training
            .metric_train_numeric(while_training)
            .metric_valid_numeric(metric)
    });
    let watched = watched
        .into_iter()
        .map(|metric| metric.of_training(&failure));
    watched.fold(training, SupervisedTraining::metric_valid_numeric)
}
