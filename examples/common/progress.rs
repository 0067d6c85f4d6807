//! The progress of a training under Burn's learner, on one line.

use std::io::{self, IsTerminal, Write};
use std::time::Instant;

use diagrammatic::burn;

use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};

/// Shows the last value in validation of the metrics named, those that the model has. In a terminal the line is redrawn
/// at every epoch, elsewhere it is written once, at the end.
pub(crate) struct ProgressLine {
    metrics: Vec<Shown>,
    label: String,
    epochs: usize,
    epoch: usize,
    start: Instant,
}

struct Shown {
    name: &'static str,
    id: Option<MetricId>,
    value: f64,
}

impl ProgressLine {
    pub(crate) fn new(metrics: &[&'static str]) -> Self {
        let shown = |&name| Shown {
            name,
            id: None,
            value: f64::NAN,
        };
        Self {
            metrics: metrics.iter().map(shown).collect(),
            label: String::new(),
            epochs: 0,
            epoch: 0,
            start: Instant::now(),
        }
    }

    fn draw(&self, end: &str) {
        // Progress that nobody can read is no reason to stop a training.
        let _ = self.try_draw(end);
    }

    fn try_draw(&self, end: &str) -> io::Result<()> {
        let mut line = Vec::new();
        write!(line, "{:<29}", self.label)?;
        write!(line, "epoch {:>3}/{}", self.epoch, self.epochs)?;
        for metric in self.metrics.iter().filter(|metric| metric.id.is_some()) {
            write!(line, "  {} {:.3}", metric.name, metric.value)?;
        }
        let seconds = self.start.elapsed().as_secs_f64();
        write!(line, " {seconds:>5.1} s{end}")?;
        io::stderr().write_all(&line)
    }
}

impl TrainingProgressLogger for ProgressLine {
    fn start(&mut self, epochs: usize, _: usize, _: Option<usize>, label: Option<&str>) {
        self.epochs = epochs;
        label.unwrap_or_default().clone_into(&mut self.label);
        self.start = Instant::now();
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.epoch = epoch;
        if io::stderr().is_terminal() {
            self.draw("\r");
        }
    }

    fn end(&mut self) {
        self.draw("\n");
    }

    fn start_split(&mut self, _: &str, _: usize) {}
    fn update_split(&mut self, _: usize) {}
    fn end_split(&mut self) {}
    fn log_event_training(&mut self, _: String) {}
}

impl MetricsRendererTraining for ProgressLine {
    fn update_train(&mut self, _: MetricState) {}

    fn update_valid(&mut self, state: MetricState) {
        if let MetricState::Numeric(entry, Some(value)) = state {
            let shown = |metric: &&mut Shown| metric.id.as_ref() == Some(&entry.metric_id);
            if let Some(metric) = self.metrics.iter_mut().find(shown) {
                metric.value = value.current();
            }
        }
    }
}

impl MetricsRenderer for ProgressLine {
    fn register_metric(&mut self, definition: MetricDefinition) {
        let named = |metric: &&mut Shown| metric.name == definition.name.as_str();
        if let Some(metric) = self.metrics.iter_mut().find(named) {
            metric.id = Some(definition.metric_id);
        }
    }

    fn manual_close(&mut self) {}
}

// A renderer also renders evaluations, of which a training has none.
impl MetricsRendererEvaluation for ProgressLine {
    fn update_test(&mut self, _: EvaluationName, _: MetricState) {}
}

impl EvaluationProgressLogger for ProgressLine {
    fn start_global_progress(&mut self, _: usize) {}
    fn start_test(&mut self, _: &str, _: usize) {}
    fn update_test_progress(&mut self, _: usize) {}
    fn end_test(&mut self) {}
    fn end_global_progress(&mut self) {}
    fn log_event_evaluation(&mut self, _: String) {}
}
