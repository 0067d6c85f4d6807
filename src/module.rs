//! The modules of a model: separate copies, frozen copies, the mode of a module, and groups of parameters.

use std::any::Any;
use std::collections::{HashMap, HashSet};

use burn::module::{
    Flag, Module, ModuleMapper, ModuleVisitor, Param, ParamGroup, ParamId, list_param_ids,
};
use burn::tensor::{Bool, Device, Int, Tensor};

#[cfg(test)]
mod tests;

/// A copy of a module that never changes: no updates, dropout off, running statistics fixed. Clones
/// that the caller keeps do not change either.
///
/// [`Module::freeze`] alone does not achieve this, for three reasons. Clones of a module share parameters that are
/// not initialised yet, and so the freezing. Clones share the running statistics of batch normalisation, so training
/// one moves those of the other. Clones keep the ids of their parameters, so an optimiser step on a model that holds
/// both could move the frozen one.
#[must_use]
#[expect(
    clippy::needless_pass_by_value,
    reason = "the copy stands where the module would have stood"
)]
pub(crate) fn frozen_copy<M: Module>(module: M) -> M {
    copy(&module, |copy| copy.map(&mut FreshIds).freeze())
}

/// A copy with parameters and running statistics of its own, changed before it goes back to the mode of
/// the original.
pub(crate) fn copy<M: Module>(module: &M, change: impl FnOnce(M) -> M) -> M {
    // `valid` initialises lazy parameters and gives everything storage of its own.
    let copy = change(module.valid());
    match training_device(module) {
        Some(device) => copy.train().map(&mut Lift(device)),
        None => copy,
    }
}

/// The same module, with the same parameters, but with running statistics of its own.
pub(crate) fn with_own_statistics<M: Module>(module: &M) -> M {
    let mut trained = Trained::default();
    module.visit(&mut trained);
    copy(module, |copy| copy).map(&mut trained)
}

/// The parameters of a module that take gradients, to be put into a copy of it.
#[derive(Default)]
struct Trained(HashMap<ParamId, Box<dyn Any>>);

impl ModuleVisitor for Trained {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() {
            self.0.insert(param.id, Box::new(param.base()));
        }
    }
}

impl ModuleMapper for Trained {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let trained = self.0.get(&param.id);
        match trained.and_then(|tensor| tensor.downcast_ref::<Tensor<D>>()) {
            Some(tensor) => param.map(|_| tensor.clone()),
            None => param,
        }
    }
}

/// `train` forgets the strategy of gradient checkpointing.
struct Lift(Device);

impl ModuleMapper for Lift {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if param.device().gradient_checkpointing_strategy()
            == self.0.gradient_checkpointing_strategy()
        {
            return param;
        }
        param.map(|tensor| {
            let trained = tensor.is_require_grad();
            lift(tensor.inner(), &self.0).set_require_grad(trained)
        })
    }
}

/// The parameters that the modules of one model hold.
///
/// An optimiser identifies parameters by their ids, and gives a gradient to the first parameter that
/// has its id. So if clones of one module were trained as two morphisms, only one of them would move.
#[derive(Debug, Default)]
pub struct Owners {
    taken: HashSet<ParamId>,
}

impl Owners {
    /// The module itself, with its ids, if no module before it has one of its parameters; otherwise a copy
    /// with parameters of its own. A parameter may stand twice within one module: that is intended sharing.
    #[must_use]
    pub fn own<M: Module>(&mut self, module: M) -> M {
        let ids = list_param_ids(&module);
        let module = if ids.iter().any(|id| self.taken.contains(id)) {
            copy(&module, |copy| copy.map(&mut FreshIds))
        } else {
            module
        };
        self.taken.extend(list_param_ids(&module));
        module
    }
}

/// Gives every parameter an id of its own.
pub(crate) struct FreshIds;

impl ModuleMapper for FreshIds {
    fn map_float<const D: usize>(&mut self, mut param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.id = ParamId::new();
        param
    }

    fn map_int<const D: usize>(
        &mut self,
        mut param: Param<Tensor<D, Int>>,
    ) -> Param<Tensor<D, Int>> {
        param.id = ParamId::new();
        param
    }

    fn map_bool<const D: usize>(
        &mut self,
        mut param: Param<Tensor<D, Bool>>,
    ) -> Param<Tensor<D, Bool>> {
        param.id = ParamId::new();
        param
    }

    fn map_flag(&mut self, mut flag: Param<Flag>) -> Param<Flag> {
        flag.id = ParamId::new();
        flag
    }
}

/// Whether nothing in a module can be trained: no parameter takes gradients, and no part, such as
/// dropout, is in training mode. It looks at every parameter once.
#[must_use]
pub(crate) fn is_frozen<M: Module>(module: &M) -> bool {
    let mode = Mode::of(module);
    !mode.gradients && !mode.training
}

/// Whether some parameter of a module takes gradients. In a module that was built on a device without gradients
/// none does, even after Burn's learner has moved it to a device with gradients.
#[must_use]
pub(crate) fn takes_gradients<M: Module>(module: &M) -> bool {
    Mode::of(module).gradients
}

#[derive(Default)]
struct Mode {
    /// Whether some parameter takes gradients.
    gradients: bool,
    /// Whether some part, such as dropout, is in training mode.
    training: bool,
}

impl Mode {
    fn of<M: Module>(module: &M) -> Self {
        let mut mode = Mode::default();
        module.visit(&mut mode);
        mode
    }
}

impl ModuleVisitor for Mode {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.gradients = self.gradients || param.is_require_grad();
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.training = self.training || flag.is_enabled();
    }
}

/// The device with gradients that a module is trained on; there is none after [`Module::valid`].
/// Initialises nothing.
#[must_use]
pub(crate) fn training_device<M: Module>(module: &M) -> Option<Device> {
    let mut found = Autodiff(None);
    module.visit(&mut found);
    found.0
}

struct Autodiff(Option<Device>);

impl ModuleVisitor for Autodiff {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.0.is_none() {
            self.0 = Some(param.lazy_device()).filter(Device::is_autodiff);
        }
    }
}

/// A tensor on this device with gradients, so that operations can combine it with tensors there: Burn
/// refuses to combine tensors whose strategies of gradient checkpointing differ.
#[must_use]
pub fn lift<const D: usize>(tensor: Tensor<D>, device: &Device) -> Tensor<D> {
    if tensor.is_autodiff() {
        return tensor;
    }
    let lifted = tensor.clone().autodiff();
    let strategy = device.gradient_checkpointing_strategy();
    if lifted.device().gradient_checkpointing_strategy() == strategy {
        return lifted;
    }
    // Burn moves a tensor to the default strategy only; an operation takes the strategy of its other operand.
    tensor + Tensor::zeros([1; D], device)
}

/// The parameters of some fields of a model: their ids, and their paths in the model.
#[derive(Debug, Default)]
pub struct Parameters {
    ids: Vec<ParamId>,
    paths: Vec<String>,
    /// The path of the module or parameter that is being visited.
    at: Vec<String>,
}

impl Parameters {
    /// Adds the parameters of the module in this field.
    pub fn add<M: Module>(&mut self, field: &str, module: &M) {
        self.at.push(field.to_owned());
        module.visit(self);
        self.at.pop();
    }

    /// The parameters as a group: a parameter is in it by its id or by its path.
    #[must_use]
    pub fn group(self) -> ParamGroup {
        ParamGroup::from_ids(self.ids).fuse(&ParamGroup::from_paths(self.paths))
    }

    fn here(&mut self, id: ParamId) {
        self.ids.push(id);
        self.paths.push(self.at.join("."));
    }
}

impl ModuleVisitor for Parameters {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.here(param.id);
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.here(param.id);
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.here(param.id);
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.here(flag.id);
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.at.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.pop();
    }
}
