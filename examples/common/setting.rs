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
use burn::optim::AdamConfig;
use burn::tensor::Device;
use burn::train::logger::InMemoryMetricLogger;
use burn::train::{Learner, LearnerModel, SupervisedTraining};

use digits::{Digit, Split};
use progress::ProgressLine;

const BATCH: usize = 100;

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
        rate: f64,
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

    /// Loaders of the samples and of the validation part. An epoch has as many samples as the
    /// training part, however few of them are different.
    pub(crate) fn loaders<B, T>(&self, batcher: T, samples: &[Digit]) -> (Loader<B>, Loader<B>)
    where
        T: Batcher<Digit, B> + Clone + 'static,
        B: Clone + Debug + Send + 'static,
    {
        let epoch = samples.iter().cycle().take(self.split.train.len());
        let train = DataLoaderBuilder::new(batcher.clone())
            .batch_size(BATCH)
            .shuffle(self.seed)
            .build(InMemDataset::new(epoch.cloned().collect()));
        let valid = DataLoaderBuilder::new(batcher)
            .batch_size(self.split.valid.len())
            .build(InMemDataset::new(self.split.valid.clone()));
        (train, valid)
    }
}
