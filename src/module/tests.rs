use burn::module::list_param_ids;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::optim::{GradientsParams, SgdConfig};
use burn::tensor::Device;

use super::*;

#[derive(Module, Debug)]
struct Net {
    linear: Linear,
    norm: BatchNorm,
    dropout: Dropout,
    classes: Param<Tensor<1, Int>>,
}

impl Net {
    fn new(device: &Device) -> Self {
        Net {
            linear: LinearConfig::new(3, 2).init(device),
            norm: BatchNormConfig::new(2).init(device),
            dropout: DropoutConfig::new(0.5).init(),
            classes: Param::initialized(ParamId::new(), Tensor::from_data([0, 1], device)),
        }
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.dropout
            .forward(self.norm.forward(self.linear.forward(input)))
    }
}

#[derive(Module, Debug)]
struct Pair {
    teacher: Net,
    student: Net,
}

fn device() -> Device {
    Device::default().autodiff()
}

fn input(device: &Device) -> Tensor<2> {
    Tensor::from_data(
        [[1.0, 2.0, 3.0], [-1.0, 0.5, 4.0], [0.0, 2.0, -3.0]],
        device,
    )
}

fn weight(net: &Net) -> Vec<f32> {
    net.linear.weight.val().into_data().try_to_vec().unwrap()
}

fn mean(net: &Net) -> Vec<f32> {
    net.norm
        .running_mean
        .value_sync()
        .into_data()
        .try_to_vec()
        .unwrap()
}

#[test]
fn the_clone_that_the_caller_kept_stays_trainable() {
    let net = Net::new(&device());
    let copy = frozen_copy(net.clone());
    assert!(net.linear.weight.is_require_grad());
    assert!(net.norm.gamma.is_require_grad());
    assert!(net.norm.training.is_enabled());
    assert!(!copy.linear.weight.is_require_grad());
    assert!(!copy.norm.gamma.is_require_grad());
    assert_eq!(weight(&copy), weight(&net));
    assert!(copy.linear.weight.val().is_autodiff());
}

#[test]
fn no_id_is_shared_with_the_original() {
    let net = Net::new(&device());
    let copy = frozen_copy(net.clone());
    assert_ne!(copy.linear.weight.id, net.linear.weight.id);
    assert_ne!(copy.norm.training.id, net.norm.training.id);
    assert_ne!(copy.classes.id, net.classes.id);
    let running = 2;
    let ids = list_param_ids(&net);
    let shared = list_param_ids(&copy)
        .iter()
        .filter(|id| ids.contains(id))
        .count();
    assert_eq!(
        shared, running,
        "only running statistics, which have no gradients"
    );
}

#[test]
fn a_step_on_the_whole_model_moves_the_other_part_only() {
    let device = device();
    let mut net = Net::new(&device);
    // Dropout may leave nothing to learn from.
    net.dropout = DropoutConfig::new(0.0).init();
    let mut pair = Pair {
        teacher: frozen_copy(net.clone()),
        student: net,
    };
    let before = weight(&pair.teacher);
    assert_eq!(before, weight(&pair.student));
    let loss = (pair.student.forward(input(&device)) - pair.teacher.forward(input(&device)))
        .powi_scalar(2)
        .sum();
    let gradients = GradientsParams::from_grads(loss.backward(), &pair);
    pair = SgdConfig::new().init().step(0.5, pair, gradients);
    assert_eq!(weight(&pair.teacher), before);
    assert_ne!(weight(&pair.student), before);
}

#[test]
fn training_a_clone_leaves_the_statistics_of_the_copy() {
    let device = device();
    let net = Net::new(&device);
    let copy = frozen_copy(net.clone());
    let before = mean(&copy);
    let _ = net.forward(input(&device));
    assert_ne!(mean(&net), before);
    assert_eq!(mean(&copy), before);
}

#[test]
fn dropout_is_off_and_statistics_are_fixed_on_an_autodiff_input() {
    let device = device();
    let copy = frozen_copy(Net::new(&device));
    let before = mean(&copy);
    for copy in [
        copy.clone(),
        copy.valid(),
        copy.valid().train(),
        copy.clone().train(),
    ] {
        let first = copy.forward(input(&device)).into_data();
        let again = copy.forward(input(&device)).into_data();
        assert_eq!(first, again);
        assert_eq!(mean(&copy), before);
        assert!(!copy.linear.weight.is_require_grad());
    }
}

#[test]
fn a_module_without_autodiff_stays_without() {
    let copy = frozen_copy(Net::new(&Device::default()));
    assert!(!copy.linear.weight.val().is_autodiff());
    assert!(!copy.train().linear.weight.is_require_grad());
}
