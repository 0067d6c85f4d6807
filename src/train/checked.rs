//! Loaders whose batches are checked against the drawing.

use std::sync::Arc;

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress};
use burn::data::dataset::DatasetError;
use burn::tensor::Device;

use super::Batch;
use super::failure::Failure;

/// A loader that checks every batch completely, by [`Batch::check`]. A batch that does not fit the drawing, or whose
/// values are not finite, becomes an error, on which Burn's learner and evaluator stop.
///
/// The loaders of a generated `training` check all sizes, but values only in the first batch of each epoch: on a
/// device that computes asynchronously, each check of values waits for the device.
#[must_use]
pub fn checked<B: Batch + 'static>(loader: Arc<dyn DataLoader<B>>) -> Arc<dyn DataLoader<B>> {
    Arc::new(Checked {
        loader,
        whole: true,
        failure: None,
    })
}

/// A loader that checks its batches. A batch that does not fit the drawing becomes an error, on which the learner
/// stops and returns the model as it is. Only the first batch of each epoch is checked completely, because
/// waiting for a device at every batch would cost too much.
pub(super) struct Checked<B> {
    loader: Arc<dyn DataLoader<B>>,
    /// Whether every batch is checked completely.
    whole: bool,
    /// The place for the error that ends the training.
    failure: Option<Arc<Failure>>,
}

impl<B> Checked<B> {
    pub(super) fn of_training(loader: Arc<dyn DataLoader<B>>, failure: &Arc<Failure>) -> Self {
        Checked {
            loader,
            whole: false,
            failure: Some(Arc::clone(failure)),
        }
    }

    fn with(&self, loader: Arc<dyn DataLoader<B>>) -> Self {
        Checked {
            loader,
            whole: self.whole,
            failure: self.failure.clone(),
        }
    }
}

impl<B: Batch + 'static> DataLoader<B> for Checked<B> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<B> + 'a> {
        Box::new(CheckedIterator {
            batches: self.loader.iter(),
            whole: self.whole,
            first: true,
            failure: self.failure.as_deref(),
        })
    }

    fn num_items(&self) -> usize {
        self.loader.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<B>> {
        Arc::new(self.with(self.loader.to_device(device)))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<B>> {
        Arc::new(self.with(self.loader.slice(start, end)))
    }
}

impl<B> Drop for Checked<B> {
    fn drop(&mut self) {
        // A training drops its loaders before it ends, and its dashboard forgets errors when it does.
        if let Some(failure) = &self.failure {
            failure.look();
        }
    }
}

struct CheckedIterator<'a, B> {
    batches: Box<dyn DataLoaderIterator<B> + 'a>,
    whole: bool,
    first: bool,
    failure: Option<&'a Failure>,
}

impl<B: Batch> Iterator for CheckedIterator<'_, B> {
    type Item = Result<B, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        let first = std::mem::take(&mut self.first);
        let check = if self.whole || first {
            B::check
        } else {
            B::check_at_hand
        };
        let checked = self.batches.next()?.and_then(|batch| match check(&batch) {
            Ok(()) => Ok(batch),
            Err(error) => Err(DatasetError::new(error)),
        });
        if let (Err(error), Some(failure)) = (&checked, self.failure) {
            failure.note(error);
        }
        Some(checked)
    }
}

impl<B: Batch> DataLoaderIterator<B> for CheckedIterator<'_, B> {
    fn progress(&self) -> Progress {
        self.batches.progress()
    }
}
