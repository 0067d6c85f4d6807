//! Burn's evaluator, and metrics by the names in the diagram.

use std::path::Path;

use burn::train::metric::Metric;
use burn::train::{EvaluatorBuilder, EvaluatorComponentTypesMarker, InferenceStep};
use diagram_core::Diagram;

use super::{CellMetric, Metrics, StepOutput};

impl CellMetric {
    /// The metric of a diagram that the learner shows under this name: `Loss`, a cell's or a watch's.
    ///
    /// This is what Burn's early stopping and checkpointing strategies ask for. They use its name
    /// alone, and take the direction apart: [`higher_is_better`](Self::higher_is_better) is not set.
    #[must_use]
    pub fn of(diagram: &Diagram, name: &str) -> Option<Self> {
        let Metrics { trained, watched } = Metrics::of(diagram, &[]);
        let mut metrics = trained.into_iter().chain(watched);
        metrics.find(|metric| metric.name().as_str() == name)
    }
}

/// Burn's evaluator, set up for a diagram: a metric `Loss`, one a trained cell and one a watch.
///
/// It goes on with Burn's own methods. No application logger is installed, since Burn's takes over the
/// process's tracing and panic hook. Batches reach the model as the loader gives them:
/// see [`checked`](super::checked).
#[must_use]
pub fn evaluator<M>(
    directory: impl AsRef<Path>,
    diagram: &Diagram,
) -> EvaluatorBuilder<EvaluatorComponentTypesMarker<M>>
where
    M: burn::module::Module + InferenceStep<Output = StepOutput> + core::fmt::Display + 'static,
{
    let Metrics { trained, watched } = Metrics::of(diagram, &[]);
    let builder = EvaluatorBuilder::new(directory).with_application_logger(None);
    let metrics = trained.into_iter().chain(watched);
    metrics.fold(builder, EvaluatorBuilder::metric_numeric)
}
