//! One step of training, and what it moved.

use std::collections::{BTreeMap, BTreeSet};

use diagrammatic::burn;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::SgdConfig;
use burn::prelude::*;
use burn::tensor::Distribution;
use burn::train::TrainStep;
use diagrammatic::train::StepOutput;

/// The CPU, with gradients.
pub(crate) fn device() -> Device {
    Device::default().autodiff()
}

/// A tensor of normal draws.
pub(crate) fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &device())
}

/// Entries below a bound, which differ from place to place.
pub(crate) fn below<const D: usize>(bound: i64, shape: [usize; D]) -> Tensor<D, Int> {
    let count: usize = shape.iter().product();
    let count = i64::try_from(count).expect("few entries");
    let entries = Tensor::<1, Int>::arange(0..count, &device());
    entries.remainder_scalar(bound).reshape(shape)
}

/// Every number of a module by record path: parameters and running statistics.
#[derive(Default)]
struct Values {
    at: Vec<String>,
    found: BTreeMap<String, Vec<f32>>,
}

impl Values {
    fn of<M: Module>(module: &M) -> BTreeMap<String, Vec<f32>> {
        let mut values = Values::default();
        // Burn keeps what a batch adds to running statistics aside until they are asked for, as here.
        module.valid().visit(&mut values);
        values.found
    }
}

impl ModuleVisitor for Values {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let entries = param.val().into_data().try_to_vec().expect("floats");
        self.found.insert(self.at.join("."), entries);
    }

    fn enter_module(&mut self, name: &str, _container: &str) {
        self.at.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.at.pop();
    }
}

/// Takes a step and asserts that the loss is finite, that every number of these fields moves, and that no
/// other does.
pub(crate) fn assert_moves<M>(model: M, batch: M::Input, fields: &[&str])
where
    M: Module + TrainStep<Output = StepOutput>,
{
    let before = Values::of(&model);
    let step = TrainStep::step(&model, batch);
    for (name, value) in step.item.iter() {
        let value = value.clone().into_scalar::<f32>();
        assert!(value.is_finite(), "{name} is {value}");
    }
    let mut optimizer = SgdConfig::new().init();
    let model = model.optimize(&mut optimizer, 1.0.into(), step.grads);
    let after = Values::of(&model);
    assert!(before.keys().eq(after.keys()));
    let mut moved = BTreeSet::new();
    for (path, values) in &before {
        let field = path.split('.').next().unwrap_or_default();
        let should = fields.contains(&field);
        assert_eq!(after[path] != *values, should, "whether `{path}` moved");
        if should {
            moved.insert(field);
        }
    }
    let expected: BTreeSet<_> = fields.iter().copied().collect();
    assert_eq!(moved, expected, "every field has numbers");
}
