//! The diagram of the README with its modules and data, and how values and gradients are compared.

use burn::module::{ModuleVisitor, Param};
use burn::nn::{Dropout, DropoutConfig, Linear, LinearConfig};
use burn::prelude::*;
use burn::tensor::{Distribution, Gradients};
use diagrammatic::diagram;

pub(crate) const BATCH: usize = 6;

/// The caller's own module. Its dropout is off where it is frozen.
#[derive(Module, Debug)]
pub(crate) struct Teacher {
    pub(crate) linear: Linear,
    dropout: Dropout,
}

impl Teacher {
    pub(crate) fn new(device: &Device) -> Self {
        Teacher {
            linear: LinearConfig::new(64, 10).init(device),
            dropout: DropoutConfig::new(0.5).init(),
        }
    }

    pub(crate) fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.dropout
            .forward(self.linear.forward(image.flatten::<2>(1, 3)))
    }
}

diagram! {
    /// Knowledge distillation: a small student agrees with a frozen teacher and with the labels.
    pub(crate) Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;                              // the caller's own Burn module
        student = flatten >> linear(hidden) >> relu >> linear; // last width follows from Logits

        soft: student ~ teacher by kl(temperature) weight 0.7;
        hard: student ~ Label   by cross_entropy   weight 0.3;

        watch accuracy: student ~ Label by accuracy;
    }
}

/// The device of every test: the CPU, with gradients.
pub(crate) fn device() -> Device {
    Device::default().autodiff()
}

pub(crate) fn distillation(config: &DistillationConfig) -> Distillation {
    let device = device();
    let teacher = Teacher::new(&device);
    config.init(DistillationModules { teacher }, &device)
}

pub(crate) fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 1.0), &device())
}

pub(crate) fn labels(classes: &[i64]) -> Tensor<1, Int> {
    Tensor::from_data(classes, &device())
}

pub(crate) fn distillation_batch() -> DistillationBatch {
    DistillationBatch {
        image: random([BATCH, 1, 8, 8]),
        label: labels(&[3, 1, 4, 1, 5, 9]),
    }
}

pub(crate) fn entries<const D: usize>(tensor: &Tensor<D>) -> Vec<f32> {
    let data = tensor.clone().into_data();
    data.try_to_vec().expect("floats")
}

pub(crate) fn scalar(tensor: &Tensor<1>) -> f32 {
    assert_eq!(tensor.dims(), [1]);
    entries(tensor)[0]
}

/// A parameter's value as a tensor of the test's own, which has gradients.
pub(crate) fn copy<const D: usize>(parameter: &Param<Tensor<D>>) -> Tensor<D> {
    nudged(parameter, 0.0)
}

/// A copy that is off by this much.
pub(crate) fn nudged<const D: usize>(parameter: &Param<Tensor<D>>, nudge: f32) -> Tensor<D> {
    let value = parameter.val().inner() + nudge;
    value.autodiff().require_grad()
}

/// Weights and bias of a linear layer, copied.
pub(crate) fn copies(layer: &Linear) -> (Tensor<2>, Tensor<1>) {
    (copy(&layer.weight), bias(layer.bias.as_ref()))
}

/// A bias, copied.
pub(crate) fn bias(parameter: Option<&Param<Tensor<1>>>) -> Tensor<1> {
    copy(parameter.expect("a bias"))
}

/// A linear layer by hand.
pub(crate) fn affine(input: Tensor<2>, weight: &Tensor<2>, bias: &Tensor<1>) -> Tensor<2> {
    input.matmul(weight.clone()) + bias.clone().unsqueeze()
}

/// Named lists of numbers: the values of cells, or the gradients of parameters by record path.
pub(crate) type Numbers = Vec<(String, Vec<f32>)>;

pub(crate) fn numbers<'a, const D: usize>(
    tensors: impl IntoIterator<Item = (&'a str, Tensor<D>)>,
) -> Numbers {
    let tensors = tensors.into_iter();
    tensors
        .map(|(name, tensor)| (name.to_owned(), entries(&tensor)))
        .collect()
}

/// The gradient of a parameter of the test's own.
pub(crate) fn gradient<const D: usize>(
    path: &str,
    parameter: &Tensor<D>,
    gradients: &Gradients,
) -> (String, Vec<f32>) {
    let gradient = parameter.grad(gradients).expect("a gradient");
    (path.to_owned(), entries(&gradient))
}

/// The gradient of every parameter of a module that has one, by record path.
pub(crate) fn gradients_of<M: Module>(module: &M, gradients: &Gradients) -> Numbers {
    struct Collect<'g> {
        gradients: &'g Gradients,
        path: Vec<String>,
        found: Numbers,
    }

    impl ModuleVisitor for Collect<'_> {
        fn visit_float<const D: usize>(&mut self, parameter: &Param<Tensor<D>>) {
            if let Some(gradient) = parameter.val().grad(self.gradients) {
                self.found.push((self.path.join("."), entries(&gradient)));
            }
        }

        fn enter_module(&mut self, name: &str, _container: &str) {
            self.path.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.path.pop();
        }
    }

    let mut collect = Collect {
        gradients,
        path: Vec::new(),
        found: Vec::new(),
    };
    module.visit(&mut collect);
    collect.found
}

/// Whether two lists have the same names and, to 1e-6 · max(1, |value|), the same numbers.
pub(crate) fn compare(generated: &Numbers, by_hand: &Numbers) -> Result<(), String> {
    let names = |numbers: &Numbers| -> Vec<String> {
        let mut names: Vec<_> = numbers.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        names
    };
    if names(generated) != names(by_hand) {
        return Err(format!(
            "{:?} are not {:?}",
            names(generated),
            names(by_hand)
        ));
    }
    for (name, values) in generated {
        let other = by_hand.iter().find(|(other, _)| other == name);
        let other = other.map_or(&[][..], |(_, values)| values.as_slice());
        if values.len() != other.len() {
            return Err(format!("{name} has another number of entries"));
        }
        for (one, other) in values.iter().zip(other) {
            let difference = (one - other).abs();
            if difference.is_nan() || difference > 1e-6 * other.abs().max(1.0) {
                return Err(format!("{name}: {one} is not {other}"));
            }
        }
    }
    Ok(())
}

/// Values and gradients agree, no gradient is all zero, and the comparison is one that can fail.
pub(crate) fn assert_agree(generated: (&Numbers, &Numbers), by_hand: (&Numbers, &Numbers)) {
    compare(generated.0, by_hand.0).expect("the values agree");
    compare(generated.1, by_hand.1).expect("the gradients agree");
    for (path, gradient) in generated.1 {
        assert!(
            gradient.iter().any(|entry| entry.abs() > 1e-5),
            "the gradient of {path} is {gradient:?}"
        );
    }
}
