//! The gradients of each cell alone: one pass per cell, with equal draws.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Tensor};

use crate::error::DiagramError;
use crate::module::{training_device, with_own_statistics};
use crate::train::trainable;

/// Passes of one model on one batch, one per cell.
///
/// Each pass makes the same draws as the first. The running statistics of the model do not change.
#[derive(Debug)]
pub struct Passes<M> {
    /// A copy with the parameters of the model, and with running statistics of its own.
    model: M,
    device: Device,
    seed: Option<u64>,
}

impl<M: Module> Passes<M> {
    /// This number of passes.
    ///
    /// # Errors
    ///
    /// No parameter of the model takes gradients.
    pub fn new(model: &M, count: usize) -> Result<Self, DiagramError> {
        trainable(model)?;
        let device = training_device(model).unwrap_or_default();
        Ok(Passes {
            model: with_own_statistics(model),
            seed: (count > 1).then(|| drawn_seed(&device)),
            device,
        })
    }

    /// The gradients of the result of a pass of the model. There are none if nothing before the result is trained.
    ///
    /// # Errors
    ///
    /// Those of the pass.
    pub fn gradients(
        &self,
        pass: impl FnOnce(&M) -> Result<Tensor<1>, DiagramError>,
    ) -> Result<GradientsParams, DiagramError> {
        if let Some(seed) = self.seed {
            self.device.seed(seed);
        }
        let term = pass(&self.model)?;
        Ok(if term.is_tracked() {
            GradientsParams::from_grads(term.backward(), &self.model)
        } else {
            GradientsParams::new()
        })
    }
}

/// A seed that the device draws, so that passes on it stay random and are determined by the device's own seed.
fn drawn_seed(device: &Device) -> u64 {
    // One byte per number, which a float of any precision can represent.
    let bytes = Tensor::<1>::random([8], Distribution::Uniform(0.0, 256.0), device).into_data();
    bytes.iter::<f32>().fold(0, |seed: u64, byte| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to 256"
        )]
        let byte = byte as u64;
        (seed << 8) | byte
    })
}
