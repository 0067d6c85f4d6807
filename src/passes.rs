//! The gradients of each cell alone: a pass a cell, with equal draws.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Distribution, Tensor};

use crate::error::DiagramError;
use crate::module::{copy, training_device};
use crate::train::trainable;

/// Passes of one model on one batch, as many as there are cells.
///
/// Each is as the first: it makes the draws that the first made, and running statistics move once.
#[derive(Debug)]
pub struct Passes<'m, M> {
    model: &'m M,
    /// What the passes after the first are of: its running statistics are its own.
    copy: Option<M>,
    device: Device,
    seed: Option<u64>,
    done: usize,
}

impl<'m, M: Module> Passes<'m, M> {
    /// So many passes.
    ///
    /// # Errors
    ///
    /// No parameter of the model takes gradients.
    pub fn new(model: &'m M, count: usize) -> Result<Self, DiagramError> {
        trainable(model)?;
        let device = training_device(model).unwrap_or_default();
        let several = count > 1;
        Ok(Passes {
            model,
            copy: several.then(|| copy(model, |copy| copy)),
            seed: several.then(|| drawn_seed(&device)),
            device,
            done: 0,
        })
    }

    /// The gradients of what a pass of a model gives; none where nothing before it is trained.
    ///
    /// # Errors
    ///
    /// Those of the pass.
    pub fn gradients(
        &mut self,
        pass: impl FnOnce(&M) -> Result<Tensor<1>, DiagramError>,
    ) -> Result<GradientsParams, DiagramError> {
        if let Some(seed) = self.seed {
            self.device.seed(seed);
        }
        let model = match &self.copy {
            Some(copy) if self.done > 0 => copy,
            _ => self.model,
        };
        self.done += 1;
        let term = pass(model)?;
        Ok(if term.is_tracked() {
            GradientsParams::from_grads(term.backward(), model)
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
