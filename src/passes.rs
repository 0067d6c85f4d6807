//! The gradients of each cell alone: a pass a cell, with equal draws.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Tensor};

use crate::error::DiagramError;
use crate::module::{training_device, with_own_statistics};
use crate::train::trainable;

/// Passes of one model on one batch, as many as there are cells.
///
/// Each makes the draws of the first. The running statistics of the model stay.
#[derive(Debug)]
pub struct Passes<M> {
    /// The parameters are those of the model, the running statistics its own.
    model: M,
    device: Device,
    seed: Option<u64>,
}

impl<M: Module> Passes<M> {
    /// So many passes.
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

    /// The gradients of what a pass of a model gives; none where nothing before it is trained.
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

/// A seed that the device draws, so that passes on it are as random as before and follow from its own seed.
fn drawn_seed(device: &Device) -> u64 {
    // A byte each, which a float of any precision holds.
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
