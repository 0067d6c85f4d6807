//! What every experiment on the digits shares: its seed, its data, and how a model is trained.

#[path = "digits.rs"]
pub(crate) mod digits;
#[path = "progress.rs"]
mod progress;

use std::error::Error;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use diagrammatic::burn;

use burn::data::dataloader::batcher::Batcher;
use burn::data::dataloader::{DataLoader, DataLoaderBuilder};
use burn::data::dataset::InMemDataset;
use burn::lr_scheduler::module_lr_scheduler::ModuleLrScheduler;
use burn::optim::AdamConfig;
use burn::tensor::Device;
use burn::train::logger::InMemoryMetricLogger;
use burn::train::{Learner, LearnerModel, SupervisedTraining};

use digits::Split;
use progress::ProgressLine;

/// The samples of a step.
pub(crate) const BATCH: usize = 100;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

pub(crate) type Loader<B> = Arc<dyn DataLoader<B>>;

/// All that chance decides is drawn from one seed.
pub(crate) struct Setting {
    seed: u64,
    epochs: usize,
    pub(crate) directory: PathBuf,
    pub(crate) device: Device,
    pub(crate) split: Split,
}

impl Setting {
    /// `epochs` is the length of every training; what is saved goes into `directory`.
    pub(crate) fn new(seed: u64, epochs: usize, directory: &Path) -> Result<Self> {
        // error: cannot create the directory `…`: permission denied (os error 13)
        std::fs::create_dir_all(directory).map_err(|error| {
            let directory = directory.display();
            format!("cannot create the directory `{directory}`: {error}")
        })?;
        Ok(Self {
            seed,
            epochs,
            directory: directory.to_owned(),
            device: Device::default().autodiff(),
            split: Split::draw(seed)?,
        })
    }

    /// What is drawn from here on is what the seed gives.
    pub(crate) fn restart(&self) {
        self.device.seed(self.seed);
    }

    /// Trains by Adam under Burn's learner; gives the model without autodiff, and the seconds.
    pub(crate) fn launch<M: LearnerModel>(
        &self,
        training: SupervisedTraining<M>,
        model: M,
        label: &str,
        rate: impl Into<ModuleLrScheduler>,
    ) -> Result<(M, f64)> {
        // Parameters draw their first values when they are first used: here, right after the seed.
        let _ = model.clone().into_record();
        let start = Instant::now();
        let result = training
            .num_epochs(self.epochs)
            .label(&format!("seed {}, {label}", self.seed))
            .renderer(Box::new(ProgressLine::new(&["Loss", "accuracy"])))
            .with_metric_logger(InMemoryMetricLogger::new())
            .with_application_logger(None)
            .launch(Learner::new(model, AdamConfig::new().init(), rate));
        match result.error {
            Some(error) => Err(error.into()),
            None => Ok((result.model, start.elapsed().as_secs_f64())),
        }
    }

    /// Loaders of what is trained on, in an order drawn with the seed, and of what validates.
    pub(crate) fn loaders<S, B, T>(
        &self,
        batcher: T,
        train: Vec<S>,
        valid: Vec<S>,
    ) -> (Loader<B>, Loader<B>)
    where
        S: Clone + Debug + Send + Sync + 'static,
        T: Batcher<S, B> + Clone + 'static,
        B: Clone + Debug + Send + 'static,
    {
        let train = DataLoaderBuilder::new(batcher.clone())
            .batch_size(BATCH)
            .shuffle(self.seed)
            .build(InMemDataset::new(train));
        let valid = DataLoaderBuilder::new(batcher)
            .batch_size(valid.len())
            .build(InMemDataset::new(valid));
        (train, valid)
    }
}
