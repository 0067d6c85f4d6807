//! Epochs that depend on their number alone, as resuming bit for bit requires.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use burn::data::dataloader::{DataLoader, DataLoaderIterator};
use burn::tensor::Device;

/// A loader for a training that can be resumed bit for bit: the randomness of an epoch depends on
/// `seed` and on the number of the epoch, however many epochs this process has run before. Pass a new `loader`
/// each time, because every training that uses a loader advances its stream of shuffles.
///
/// A checkpoint of Burn's learner holds the model, the optimiser and the schedule, but not the positions of the
/// streams of random numbers. A resumed training would therefore shuffle its epoch `done + 1` as it shuffled
/// epoch 1, and draw other dropout masks. This loader continues with the order that the epoch would have
/// had, and seeds its device at the start of each epoch. `done` is the number of epochs trained before:
/// 0, or the number passed to Burn's `checkpoint`.
///
/// ```no_run
/// # use std::sync::Arc;
/// # use diagrammatic::burn::data::dataloader::DataLoader;
/// # fn resume<B: Send + 'static>(loader: Arc<dyn DataLoader<B>>) {
/// use diagrammatic::train::resumable;
///
/// let train = resumable(loader, 7, 3); // then `.checkpoint(3)`
/// # }
/// ```
///
/// Draws come from one stream per device, which the whole process shares. So a training is not repeated bit for bit
/// if another thread draws meanwhile, or if the loader has several workers, whose batches come in any order.
///
/// The skipped epochs are started and dropped, so a loader with workers prepares some batches in vain.
#[must_use]
pub fn resumable<B: Send + 'static>(
    loader: Arc<dyn DataLoader<B>>,
    seed: u64,
    done: usize,
) -> Arc<dyn DataLoader<B>> {
    Arc::new(Resumable {
        loader,
        device: None,
        seed,
        done,
        started: AtomicUsize::new(0),
    })
}

struct Resumable<B> {
    loader: Arc<dyn DataLoader<B>>,
    /// The device, once the learner has chosen it.
    device: Option<Device>,
    seed: u64,
    done: usize,
    /// The number of epochs that the loader has started, including skipped epochs.
    started: AtomicUsize,
}

impl<B> Resumable<B> {
    fn with(&self, loader: Arc<dyn DataLoader<B>>, device: Option<Device>) -> Self {
        Resumable {
            loader,
            device,
            seed: self.seed,
            done: self.done,
            started: AtomicUsize::new(0),
        }
    }
}

impl<B: Send + 'static> DataLoader<B> for Resumable<B> {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<B> + 'a> {
        // The order of an epoch is drawn when its iterator is made.
        while self.started.load(Ordering::Relaxed) < self.done {
            drop(self.loader.iter());
            self.started.fetch_add(1, Ordering::Relaxed);
        }
        let epoch = self.started.fetch_add(1, Ordering::Relaxed);
        if let Some(device) = &self.device {
            device.seed(mixed(self.seed, epoch));
        }
        self.loader.iter()
    }

    fn num_items(&self) -> usize {
        self.loader.num_items()
    }

    fn to_device(&self, device: &Device) -> Arc<dyn DataLoader<B>> {
        let loader = self.loader.to_device(device);
        Arc::new(self.with(loader, Some(device.clone())))
    }

    fn slice(&self, start: usize, end: usize) -> Arc<dyn DataLoader<B>> {
        let loader = self.loader.slice(start, end);
        Arc::new(self.with(loader, self.device.clone()))
    }
}

/// The seed of an epoch: a step of `SplitMix64` (Steele, Lea and Flood 2014), so that neighbouring
/// seeds share no epochs.
fn mixed(seed: u64, epoch: usize) -> u64 {
    let step = (epoch as u64).wrapping_add(1);
    let mut mixed = seed.wrapping_add(step.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::mixed;

    #[test]
    fn neighbouring_seeds_and_epochs_share_no_seed() {
        let mut seeds: Vec<_> = (0..30)
            .flat_map(|seed| (0..30).map(move |epoch| mixed(seed, epoch)))
            .collect();
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 900);
    }
}
