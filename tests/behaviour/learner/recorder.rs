//! A renderer that keeps what it is told, and that it is told the values that the losses had.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use burn::optim::{GradientsParams, SgdConfig};
use burn::prelude::*;
use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use burn::train::{Learner, LearnerSummary};

use super::{Directory, batches, loader};
use crate::common::{Distillation, DistillationConfig, distillation, scalar};

/// A split, a metric and a value a batch.
type Values = Vec<(String, String, f64)>;

/// Prints nothing.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    names: HashMap<MetricId, String>,
    values: Arc<Mutex<Values>>,
}

impl Recorder {
    /// The values of one metric, in order.
    pub(super) fn of(&self, split: &str, metric: &str) -> Vec<f64> {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let of = values
            .iter()
            .filter(|(of, name, _)| of == split && name == metric);
        of.map(|(_, _, value)| *value).collect()
    }

    fn record(&self, split: &str, state: &MetricState) {
        let MetricState::Numeric(entry, Some(value)) = state else {
            return;
        };
        // An epoch ends with its mean, as one more value.
        if matches!(value, NumericEntry::Final(_)) {
            return;
        }
        if let Some(name) = self.names.get(&entry.metric_id) {
            let mut values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
            values.push((split.to_owned(), name.clone(), value.current()));
        }
    }
}

impl MetricsRendererTraining for Recorder {
    fn update_train(&mut self, state: MetricState) {
        self.record("train", &state);
    }

    fn update_valid(&mut self, state: MetricState) {
        self.record("valid", &state);
    }

    fn on_train_end(
        &mut self,
        _: Option<LearnerSummary>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        Ok(())
    }
}

impl MetricsRendererEvaluation for Recorder {
    fn update_test(&mut self, name: EvaluationName, state: MetricState) {
        self.record(name.as_str(), &state);
    }
}

impl MetricsRenderer for Recorder {
    fn register_metric(&mut self, definition: MetricDefinition) {
        let name = definition.name.to_string();
        self.names.insert(definition.metric_id, name);
    }

    fn manual_close(&mut self) {}
}

impl TrainingProgressLogger for Recorder {
    fn start(&mut self, _: usize, _: usize, _: Option<usize>, _: Option<&str>) {}
    fn update_epoch(&mut self, _: usize) {}
    fn start_split(&mut self, _: &str, _: usize) {}
    fn update_split(&mut self, _: usize) {}
    fn end_split(&mut self) {}
    fn end(&mut self) {}
    fn log_event_training(&mut self, _: String) {}
}

impl EvaluationProgressLogger for Recorder {
    fn start_global_progress(&mut self, _: usize) {}
    fn start_test(&mut self, _: &str, _: usize) {}
    fn update_test_progress(&mut self, _: usize) {}
    fn end_test(&mut self) {}
    fn end_global_progress(&mut self) {}
    fn log_event_evaluation(&mut self, _: String) {}
}

fn assert_close(reported: &[f64], by_hand: &[f32]) {
    assert_eq!(reported.len(), by_hand.len());
    for (reported, by_hand) in reported.iter().zip(by_hand) {
        let difference = (reported - f64::from(*by_hand)).abs();
        assert!(difference <= 1e-6, "{reported} is not {by_hand}");
    }
}

#[test]
fn a_renderer_is_told_every_cell_and_watch_by_name() {
    let directory = Directory::new("renderer");
    let recorder = Recorder::default();
    let model = distillation(&DistillationConfig::new());
    let _ = model.clone().into_record();
    let mut by_hand = model.clone();

    let device = Device::default();
    let result = Distillation::training(&directory.0, loader(0), loader(0), &device)
        .renderer(Box::new(recorder.clone()))
        .launch(Learner::new(model, SgdConfig::new().init(), 0.1));
    assert!(result.error.is_none(), "{:?}", result.error);

    let [mut total, mut soft, mut hard, mut accuracy] = [(); 4].map(|()| Vec::new());
    let mut optimizer = SgdConfig::new().init();
    for batch in batches(&loader(0)) {
        let loss = by_hand.loss(batch);
        total.push(scalar(&loss.total));
        soft.push(scalar(&loss.soft));
        hard.push(scalar(&loss.hard));
        let gradients = GradientsParams::from_grads(loss.total.backward(), &by_hand);
        by_hand = optimizer.step(0.1, by_hand, gradients);
    }
    assert_close(&recorder.of("train", "Loss"), &total);
    assert_close(&recorder.of("train", "soft"), &soft);
    assert_close(&recorder.of("train", "hard"), &hard);
    assert!(recorder.of("train", "accuracy").is_empty());

    soft.clear();
    for batch in batches(&loader(0)) {
        accuracy.push(scalar(&by_hand.evaluate(batch.clone()).accuracy));
        soft.push(scalar(&by_hand.loss(batch).soft));
    }
    assert_close(&recorder.of("valid", "accuracy"), &accuracy);
    assert_close(&recorder.of("valid", "soft"), &soft);
}
