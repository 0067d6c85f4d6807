//! Low-rank adapters of a module, as `lora` in a diagram defines them.

use burn::module::{
    Flag, Lora, Module, ModuleMapper, ModuleVisitor, Param, ParamGroup, ParamId, QLora, Quantizer,
};
use burn::tensor::quantization::{Calibration, QuantValue};
use burn::tensor::{Bool, Int, Tensor};

use crate::error::DiagramError;
use crate::module::{FreshIds, copy, frozen_copy};

#[cfg(test)]
mod tests;

/// The adapters of a morphism.
#[derive(Clone, Copy, Debug)]
pub struct Adapters {
    rank: usize,
    alpha: f64,
    quantized: bool,
}

impl Adapters {
    /// Adapters of this rank, scaled by `alpha / rank`; the default of `alpha` is the rank.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "no matrix has a rank of 2^53")]
    pub fn new(rank: usize, alpha: Option<f64>, quantized: bool) -> Self {
        let alpha = alpha.unwrap_or(rank as f64);
        Adapters {
            rank,
            alpha,
            quantized,
        }
    }

    /// A copy of a module of which nothing can be trained except the adapters that it gets here. It is a
    /// copy for the reasons of `frozen_copy`. Adapters that the module already has are merged into its
    /// weights, because Burn does not adapt a weight twice.
    ///
    /// # Errors
    ///
    /// No parameter of the module has rank 2, and Burn adapts no other.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the copy stands where the module would have stood"
    )]
    pub fn attach<M: Module>(&self, morphism: &str, module: M) -> Result<M, DiagramError> {
        if Matrices::of(&module).is_empty() {
            return Err(DiagramError::NothingToAdapt {
                morphism: morphism.to_owned(),
            });
        }
        Ok(self.attached(&module))
    }

    /// The module as the diagram draws it, after any change: adapters stay as they are, and everything else is
    /// frozen. A module without adapters, which must have been assigned, gets adapters.
    #[must_use]
    pub fn restore<M: Module>(&self, module: M) -> M {
        if Trained::of(&module).adapters {
            copy(&module, |copy| copy.map(&mut Bases::default()))
        } else if Matrices::of(&module).is_empty() {
            frozen_copy(module)
        } else {
            self.attached(&module)
        }
    }

    fn attached<M: Module>(&self, module: &M) -> M {
        let module = copy(module, |copy| {
            copy.materialize().map(&mut FreshIds).freeze()
        });
        let lora = Lora::new(self.rank, self.alpha);
        let device = module.devices().into_iter().next();
        match device.filter(|_| self.quantized) {
            None => module.apply_lora(lora),
            Some(device) => {
                let scheme = device.settings().quantization.scheme;
                let scheme = scheme.with_value(QuantValue::Q8S);
                let mut quantizer = Quantizer::new(Calibration::MinMax, scheme);
                // Burn would quantise biases and running statistics too.
                quantizer.set_param_group(ParamGroup::from_ids(Matrices::of(&module)));
                module.apply_qlora(QLora::new(lora, quantizer))
            }
        }
    }
}

/// The same module, of which nothing can be trained except its adapters. These stay the same tensors, so that
/// gradients through the result are also gradients of the given module.
#[must_use]
pub(crate) fn freeze_bases<M: Module>(module: M) -> M {
    module.map(&mut Bases::default())
}

/// Whether nothing in a module can be trained except its adapters. It looks at every parameter once.
#[must_use]
pub(crate) fn is_adapted<M: Module>(module: &M) -> bool {
    !Trained::of(module).bases
}

/// Checks that a module that should be trained has adapters.
///
/// # Errors
///
/// It takes gradients and has no adapters: it was assigned.
pub(crate) fn check_adapters<M: Module>(morphism: &str, module: &M) -> Result<(), DiagramError> {
    let found = Trained::of(module);
    if found.adapters || !found.bases {
        return Ok(());
    }
    Err(DiagramError::NoAdapters {
        morphism: morphism.to_owned(),
    })
}

/// The depth of a visitor or mapper inside the adapters of a parameter.
#[derive(Debug, Default)]
pub(crate) struct Depth(usize);

impl Depth {
    pub(crate) fn outside(&self) -> bool {
        self.0 == 0
    }

    /// Whether the entered part is an adapter.
    pub(crate) fn enter(&mut self, container: &str) -> bool {
        // Burn's name of the part of a parameter that adapts it.
        let adapters = container == "Reparameterization";
        self.0 += usize::from(adapters || self.0 > 0);
        adapters
    }

    pub(crate) fn exit(&mut self) {
        self.0 = self.0.saturating_sub(1);
    }
}

/// The parts that were found in a module.
#[derive(Default)]
struct Trained {
    at: Depth,
    /// Whether there are adapters.
    adapters: bool,
    /// Whether a part outside them can be trained or is in training mode.
    bases: bool,
}

impl Trained {
    fn of<M: Module>(module: &M) -> Self {
        let mut found = Trained::default();
        module.visit(&mut found);
        found
    }
}

impl ModuleVisitor for Trained {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.bases |= self.at.outside() && param.is_require_grad();
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.bases |= self.at.outside() && flag.is_enabled();
    }

    fn enter_module(&mut self, _name: &str, container: &str) {
        self.adapters |= self.at.enter(container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.exit();
    }
}

/// Freezes everything except adapters, under new ids: an optimiser gives a gradient to the first parameter
/// that has its id, frozen or not.
#[derive(Default)]
struct Bases {
    at: Depth,
}

impl ModuleMapper for Bases {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.at.outside() {
            FreshIds.map_float(param.set_require_grad(false))
        } else {
            param
        }
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        if self.at.outside() {
            FreshIds.map_int(param)
        } else {
            param
        }
    }

    fn map_bool<const D: usize>(
        &mut self,
        param: Param<Tensor<D, Bool>>,
    ) -> Param<Tensor<D, Bool>> {
        if self.at.outside() {
            FreshIds.map_bool(param)
        } else {
            param
        }
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        if self.at.outside() {
            FreshIds.map_flag(flag.with_value(false))
        } else {
            flag
        }
    }

    fn enter_module(&mut self, _name: &str, container: &str) {
        self.at.enter(container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.exit();
    }
}

/// The parameters of rank 2 that are not adapters.
#[derive(Default)]
struct Matrices {
    at: Depth,
    ids: Vec<ParamId>,
}

impl Matrices {
    fn of<M: Module>(module: &M) -> Vec<ParamId> {
        let mut found = Matrices::default();
        module.visit(&mut found);
        found.ids
    }
}

impl ModuleVisitor for Matrices {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D == 2 && self.at.outside() {
            self.ids.push(param.id);
        }
    }

    fn enter_module(&mut self, _name: &str, container: &str) {
        self.at.enter(container);
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.exit();
    }
}
