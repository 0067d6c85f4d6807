//! Ui tests only: see `ui.rs` beside this file. What the cases take from another crate.

use diagrammatic::prelude::*;

/// Halves an image.
#[derive(Module, Debug)]
pub struct Halving {
    /// The mean of each square.
    pub pool: burn::nn::pool::AvgPool2d,
}

#[signature([b, c, h, w] -> [b, c, h / 2, w / 2])]
impl Halving {
    /// The means of squares of 2 by 2.
    #[must_use]
    pub fn forward(&self, image: Tensor<4>) -> Tensor<4> {
        self.pool.forward(image)
    }
}
