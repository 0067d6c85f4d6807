//! The applications that a call records for gradients, and the mode in which a model is evaluated.

use std::cell::OnceCell;

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;

use crate::module::{takes_gradients, training_device};

/// A model in one call, which records some applications and not others.
///
/// Burn keeps a graph that no backward pass consumes for as long as the parameters in it live. So an application
/// must not be recorded at all if nothing asks for its gradient.
#[derive(Debug)]
pub struct Recording<'m, M> {
    model: &'m M,
    /// The copy that records nothing, if one is needed. It is `None` inside if the model itself records nothing.
    unrecorded: OnceCell<Option<M>>,
}

impl<'m, M: Module> Recording<'m, M> {
    /// The recording of this model.
    pub fn of(model: &'m M) -> Self {
        Recording {
            model,
            unrecorded: OnceCell::new(),
        }
    }

    /// The model for applications that are recorded, or the one for those that are not. Both are in the same mode,
    /// make the same draws, and move the same running statistics.
    pub fn model(&self, recorded: bool) -> &M {
        if recorded {
            return self.model;
        }
        let unrecorded = self.unrecorded.get_or_init(|| unrecorded(self.model));
        unrecorded.as_ref().unwrap_or(self.model)
    }
}

/// A copy whose parameters take no gradients, if those of the model take gradients.
fn unrecorded<M: Module>(model: &M) -> Option<M> {
    if !takes_gradients(model) {
        return None;
    }
    // Clones share parameters that are not initialised yet, and changes of these.
    model.visit(&mut Initialise);
    Some(model.clone().no_grad())
}

struct Initialise;

impl ModuleVisitor for Initialise {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.is_initialized() {
            let _ = param.val();
        }
    }
}

/// The value, with its record or detached from it.
#[must_use]
pub fn recorded_if<const D: usize>(value: Tensor<D>, recorded: bool) -> Tensor<D> {
    if recorded { value } else { value.detach() }
}

/// The result of a function on the model in the mode of evaluation: without gradients, with dropout off and with
/// fixed running statistics.
pub fn evaluating<M: Module, T>(model: &M, evaluate: impl FnOnce(&M) -> T) -> T {
    match training_device(model) {
        None => evaluate(model),
        Some(_) => evaluate(&model.valid()),
    }
}
