//! The values of a step as metrics of Burn's learner.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use burn::tensor::{ExecutionError, Tensor, TensorReadError};
use burn::train::metric::state::{FormatOptions, NumericMetricState};
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
};
use diagram_core::Diagram;

use super::StepOutput;
use super::failure::Failure;

/// A value of [`StepOutput`] as a numeric metric of the learner, averaged over the samples.
#[derive(Clone)]
pub struct CellMetric {
    name: MetricName,
    pub(super) index: usize,
    higher_is_better: bool,
    /// The directory of the training, if a value that is infinite or not a number ends the training.
    finite: Option<Arc<Path>>,
    /// The time of the first value of the epoch.
    started: Option<SystemTime>,
    /// The place for the error that ends the training.
    failure: Option<Arc<Failure>>,
    state: NumericMetricState,
}

impl CellMetric {
    /// The value at this index of [`StepOutput`], under this name; lower is better.
    ///
    /// The learner writes a file of that name, so characters that a file name may not have become `-`.
    #[must_use]
    pub fn new(name: &str, index: usize) -> Self {
        let name = Arc::new(file_name(name));
        CellMetric {
            name,
            index,
            higher_is_better: false,
            finite: None,
            started: None,
            failure: None,
            state: NumericMetricState::default(),
        }
    }

    /// The same metric; the argument says whether higher values are better.
    #[must_use]
    pub fn higher_is_better(mut self, higher_is_better: bool) -> Self {
        self.higher_is_better = higher_is_better;
        self
    }

    pub(super) fn finite(self, directory: &Arc<Path>) -> Self {
        CellMetric {
            finite: Some(Arc::clone(directory)),
            ..self
        }
    }

    pub(super) fn of_training(self, failure: &Arc<Failure>) -> Self {
        CellMetric {
            failure: Some(Arc::clone(failure)),
            ..self
        }
    }

    fn format(&self) -> FormatOptions {
        FormatOptions::new(self.name()).precision(4)
    }

    fn read(&self, item: &StepOutput, value: &Tensor<1>) -> Result<f64, TensorReadError> {
        let value = value.clone().try_into_scalar::<f64>()?;
        if let Some(directory) = self.finite.as_deref().filter(|_| !value.is_finite()) {
            // The learner stops on an error of a metric, and returns it.
            item.check().map_err(|error| {
                let before = self.started.and_then(|time| last_before(directory, time));
                let error = error.after(before.as_deref());
                let reason = error.to_string();
                self.note(error);
                ExecutionError::WithContext { reason }
            })?;
        }
        Ok(value)
    }

    fn note(&self, error: impl Display) {
        if let Some(failure) = &self.failure {
            failure.note(error);
        }
    }
}

impl Metric for CellMetric {
    type Input = StepOutput;

    fn name(&self) -> MetricName {
        Arc::clone(&self.name)
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes {
            unit: None,
            higher_is_better: self.higher_is_better,
        }
        .into()
    }

    fn update(
        &mut self,
        item: &StepOutput,
        _metadata: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let Some(value) = item.values.get(self.index) else {
            return Ok(SerializedEntry::not_available(None));
        };
        self.started.get_or_insert_with(SystemTime::now);
        let value = self
            .read(item, value)
            .inspect_err(|error| self.note(error))?;
        self.state.update(value, item.batch);
        Ok(self.state.compute_update(self.format()))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self.state.compute_final(self.format()))
    }

    fn clear(&mut self) {
        self.state.reset();
        self.started = None;
    }
}

impl Numeric for CellMetric {
    fn value(&self) -> Option<NumericEntry> {
        Some(self.state.current_value())
    }

    fn running_value(&self) -> Option<NumericEntry> {
        Some(self.state.running_value())
    }

    fn final_value(&self) -> NumericEntry {
        self.state.final_value()
    }
}

/// A name that is a file name on every system. The learner aborts on a `/`, and on a name that is too long; file
/// systems count its length in bytes.
fn file_name(name: &str) -> String {
    const LONGEST: usize = 100;
    let allowed = |letter: char| letter.is_alphanumeric() || " _-~(),.=+".contains(letter);
    let mut file = String::new();
    for letter in name.chars() {
        let letter = if allowed(letter) { letter } else { '-' };
        if file.len() + letter.len_utf8() > LONGEST {
            break;
        }
        file.push(letter);
    }
    file
}

/// The part of a name by which every system distinguishes two files: the learner writes a blank as `_`, and some
/// file systems ignore case.
fn file_key(name: &str) -> String {
    name.replace(' ', "_").to_lowercase()
}

/// The metrics of a diagram: the total, the trained cells, and the watches.
pub(super) struct Metrics {
    pub(super) trained: Vec<CellMetric>,
    pub(super) watched: Vec<CellMetric>,
}

impl Metrics {
    pub(super) fn of(diagram: &Diagram, higher_is_better: &[&str]) -> Self {
        let mut taken = Vec::new();
        // The learner distinguishes metrics and their files by names, and unnamed cells may have equal texts.
        let mut metric = |name: &str, index: usize| {
            let name = file_name(name);
            let numbered = (2..).map(|number| format!("{name} {number}"));
            let unique = std::iter::once(name.clone())
                .chain(numbered)
                .find(|name| !taken.contains(&file_key(name)));
            let unique = unique.unwrap_or(name);
            taken.push(file_key(&unique));
            CellMetric::new(&unique, index)
        };
        let mut trained = vec![metric(StepOutput::LOSS, 0)];
        for cell in diagram.trained_cells() {
            trained.push(metric(&cell.label(), trained.len()));
        }
        let mut watched = Vec::new();
        for cell in diagram.watched_cells() {
            let name = cell.label();
            let index = trained.len() + watched.len();
            let better = higher_is_better.contains(&name.as_str());
            watched.push(metric(&name, index).higher_is_better(better));
        }
        Metrics { trained, watched }
    }
}

/// The last checkpoint of a training in this directory that was written before this time. Checkpoints of the epoch
/// in which a value is not finite may hold such values as well.
fn last_before(directory: &Path, time: SystemTime) -> Option<PathBuf> {
    let files = directory.join("checkpoint").read_dir().ok()?;
    let models = files.flatten().filter_map(|file| {
        let name = file.file_name();
        let epoch = name
            .to_str()?
            .strip_prefix("model-")?
            .strip_suffix(".bpk")?;
        let written = file.metadata().ok()?.modified().ok()?;
        let epoch: usize = epoch.parse().ok()?;
        (written < time).then(|| (epoch, file.path()))
    });
    models.max().map(|(_, path)| path)
}
