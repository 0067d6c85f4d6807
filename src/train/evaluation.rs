//! Burn's evaluator, and metrics by the names in the diagram.

use std::path::Path;

use burn::train::metric::Metric;
use burn::train::{EvaluatorBuilder, EvaluatorComponentTypesMarker, InferenceStep};
use diagram_core::Diagram;

use super::{CellMetric, Metrics, StepOutput};

impl CellMetric {
    /// The metric of a diagram that the learner shows under this name: `Loss`, or that of a cell or a watch.
    ///
    /// Burn's early stopping and checkpointing strategies take such a metric. They use its name alone, and
    /// take the direction as an argument of their own: [`higher_is_better`](Self::higher_is_better) is not set.
    #[must_use]
    pub fn of(diagram: &Diagram, name: &str) -> Option<Self> {
        let Metrics { trained, watched } = Metrics::of(diagram, &[]);
        let mut metrics = trained.into_iter().chain(watched);
        metrics.find(|metric| metric.name().as_str() == name)
    }
}

/// Burn's evaluator, set up for a diagram: with a metric `Loss`, one metric per trained cell and one per watch.
///
/// The caller goes on with Burn's own methods. No application logger is installed, since Burn's logger takes
/// over the process's tracing and panic hook. Batches reach the model as the loader gives them, unchecked: see
/// [`checked`](super::checked).
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
