//! A training that failed says so on standard error, in one line, whatever ended it. Each test runs a training
//! in a process of its own, `child`, and reads what that wrote.

use std::process::Command;
use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderBuilder, DataLoaderIterator, Progress};
use burn::data::dataset::{DatasetError, InMemDataset};
use burn::optim::SgdConfig;
use burn::prelude::*;
use burn::tensor::{ExecutionError, TensorReadError};
use burn::train::metric::{Metric, MetricMetadata, MetricName, SerializedEntry};
use burn::train::{Interrupter, Learner};
use diagrammatic::train::StepOutput;

use super::recorder::Recorder;
use super::{Digit, Directory, Stack, loader};
use crate::common::{Distillation, DistillationBatch, DistillationConfig, distillation};

const CASE: &str = "DIAGRAMMATIC_FAILING";

type Loader = Arc<dyn DataLoader<DistillationBatch>>;

/// A loader that cannot read its data.
struct Unreadable;

impl DataLoader<DistillationBatch> for Unreadable {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<DistillationBatch> + 'a> {
        Box::new(UnreadableIterator)
    }

    fn num_items(&self) -> usize {
        1
    }

    fn to_device(&self, _: &Device) -> Loader {
        Arc::new(Unreadable)
    }

    fn slice(&self, _: usize, _: usize) -> Loader {
        Arc::new(Unreadable)
    }
}

struct UnreadableIterator;

impl Iterator for UnreadableIterator {
    type Item = Result<DistillationBatch, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(Err(DatasetError::new(std::io::Error::other(
            "the disk is gone",
        ))))
    }
}

impl DataLoaderIterator<DistillationBatch> for UnreadableIterator {
    fn progress(&self) -> Progress {
        Progress::new(0, 1, None)
    }
}

/// A metric of the caller's own that fails.
#[derive(Clone)]
struct Failing;

impl Metric for Failing {
    type Input = StepOutput;

    fn name(&self) -> MetricName {
        Arc::new("own".to_owned())
    }

    fn update(
        &mut self,
        _: &StepOutput,
        _: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let reason = "the device is gone".to_owned();
        Err(ExecutionError::WithContext { reason }.into())
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(SerializedEntry::not_available(None))
    }

    fn clear(&mut self) {}
}

/// Digits of which the one at 20 is of a class that there is not.
fn beyond() -> Loader {
    let digits = (0..24).map(|i| Digit(if i == 20 { 10 } else { i % 10 }));
    DataLoaderBuilder::new(Stack { labels_lost: 0 })
        .batch_size(8)
        .build(InMemDataset::new(digits.collect()))
}

/// A training that fails as the environment says; nothing where it says nothing.
#[test]
fn child() {
    let Ok(case) = std::env::var(CASE) else {
        return;
    };
    let directory = Directory::new(&format!("failing-{case}"));
    let (train, valid): (Loader, Loader) = match case.as_str() {
        "batch" | "quiet" | "own-interrupter" => (loader(3), loader(0)),
        "validation" => (loader(0), loader(3)),
        "class" => (beyond(), loader(0)),
        "loader" => (Arc::new(Unreadable), loader(0)),
        _ => (loader(0), loader(0)),
    };
    let rate = if case == "loss" { 1e38 } else { 0.1 };
    let training =
        Distillation::training(&directory.0, train, valid, &Device::default()).num_epochs(2);
    let training = match case.as_str() {
        "quiet" => training.renderer(Box::new(Recorder::default())),
        "metric" => training.metric_valid(Failing),
        "own-interrupter" => training.with_interrupter(Interrupter::new()),
        "checkpoint" => {
            let taken = directory.0.join("checkpoint/model-1.bpk");
            std::fs::create_dir_all(taken).expect("a directory in the place of a file");
            training.with_default_checkpointers()
        }
        "stopped" => {
            training.interrupter().stop(Some("enough"));
            training
        }
        _ => training,
    };
    let model = distillation(&DistillationConfig::new());
    let result = training.launch(Learner::new(model, SgdConfig::new().init(), rate));
    let finishes = matches!(case.as_str(), "good" | "stopped");
    assert_eq!(result.error.is_none(), finishes, "{:?}", result.error);
}

/// What the training of this case says.
fn said(case: &str) -> String {
    let child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "learner::failing::child", "--nocapture"])
        .env(CASE, case)
        .output()
        .expect("the child runs");
    let (out, said) = (
        String::from_utf8_lossy(&child.stdout),
        String::from_utf8_lossy(&child.stderr),
    );
    assert!(child.status.success(), "{out}{said}");
    assert!(out.contains("1 passed"), "{out}{said}");
    said.into_owned()
}

#[test]
fn a_bad_batch_is_said() {
    let expected = "error: the training failed: \
                    `batch` cannot be both 8 (of `Image`) and 5 (of `Label`) [D0801]\n";
    for case in ["batch", "quiet", "own-interrupter", "validation"] {
        assert_eq!(said(case), expected, "{case}");
    }
}

#[test]
fn a_class_that_there_is_not_is_said() {
    assert_eq!(
        said("class"),
        "error: the training failed: \
         `Label` holds 10 at [4], but the classes of `hard` are 0 to 9 [D0807]\n"
    );
}

#[test]
fn a_loss_that_is_not_finite_is_said() {
    assert_eq!(
        said("loss"),
        "error: the training failed: \
         the loss is NaN: of its cells, `soft` is the first that is not finite [D0808]\n"
    );
}

#[test]
fn an_error_of_a_loader_of_a_metric_and_of_a_checkpoint_is_said() {
    assert_eq!(
        said("loader"),
        "error: the training failed: the disk is gone\n"
    );
    assert_eq!(
        said("metric"),
        "error: the training failed: valid/own: An error happened during execution Caused by: the device is gone\n"
    );
    let said = said("checkpoint");
    assert!(
        said.starts_with("error: the training failed: Checkpoint error"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn nothing_is_said_where_nothing_failed() {
    for case in ["good", "stopped"] {
        assert_eq!(said(case), "", "{case}");
    }
}
