//! Small modules in the place of large ones.

use diagrammatic::burn;

use burn::config::Config;
use burn::nn::pool::{AdaptiveAvgPool2d, AdaptiveAvgPool2dConfig};
use burn::nn::{Embedding, EmbeddingConfig, Linear, LinearConfig};
use burn::prelude::*;

/// An image, pooled to 4 × 4, as a vector.
#[derive(Module, Debug)]
pub struct ImageTower {
    pool: AdaptiveAvgPool2d,
    pub(crate) linear: Linear,
}

impl ImageTower {
    /// From images to vectors.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        let pooled = self.pool.forward(image);
        self.linear.forward(pooled.flatten::<2>(1, 3))
    }
}

/// The width of the vectors.
#[derive(Config, Debug)]
pub struct ImageTowerConfig {
    width: usize,
}

impl ImageTowerConfig {
    /// Of three channels.
    #[must_use]
    pub fn init(&self, device: &Device) -> ImageTower {
        self.of_channels(3, device)
    }

    /// Of so many channels.
    #[must_use]
    pub fn of_channels(&self, channels: usize, device: &Device) -> ImageTower {
        ImageTower {
            pool: AdaptiveAvgPool2dConfig::new([4, 4]).init(),
            linear: LinearConfig::new(channels * 16, self.width).init(device),
        }
    }
}

/// The mean of the vectors of some words.
#[derive(Module, Debug)]
pub struct TextTower {
    embedding: Embedding,
    linear: Linear,
}

impl TextTower {
    /// From words to vectors.
    #[must_use]
    pub fn forward(&self, text: Tensor<2, Int>) -> Tensor<2> {
        let words = self.embedding.forward(text);
        self.linear.forward(words.mean_dim(1).squeeze_dim::<2>(1))
    }
}

/// The width of the vectors.
#[derive(Config, Debug)]
pub struct TextTowerConfig {
    width: usize,
}

/// How many words there are.
pub(crate) const WORDS: i64 = 6;

impl TextTowerConfig {
    /// With [`WORDS`].
    #[must_use]
    pub fn init(&self, device: &Device) -> TextTower {
        TextTower {
            embedding: EmbeddingConfig::new(6, 4).init(device),
            linear: LinearConfig::new(4, self.width).init(device),
        }
    }
}
