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
    steps: Param<Tensor<1, Int>>,
}

impl Net {
    fn new(width: usize) -> Self {
        let device = device();
        Net {
            linear: LinearConfig::new(3, width).init(&device),
            norm: BatchNormConfig::new(width).init(&device),
            dropout: DropoutConfig::new(0.5).init(),
            steps: Param::initialized(ParamId::new(), Tensor::from_data([0, 1], &device)),
        }
    }

    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        self.dropout
            .forward(self.norm.forward(self.linear.forward(input)))
    }

    fn weight(&self) -> Vec<f32> {
        let data = self.linear.weight.val().into_data();
        data.try_to_vec().expect("floats")
    }

    fn mean(&self) -> Vec<f32> {
        let data = self.norm.running_mean.value_sync().into_data();
        data.try_to_vec().expect("floats")
    }
}

fn device() -> Device {
    Device::default().autodiff()
}

fn input() -> Tensor<2> {
    let rows = [[1.0, 2.0, 3.0], [-1.0, 0.5, 4.0], [0.0, 2.0, -3.0]];
    Tensor::from_data(rows, &device())
}

const NAMES: (&str, &str) = ("target", "online");

/// A step of plain gradient descent, on whatever its output is.
fn step(net: Net) -> Net {
    let gradients = net.linear.forward(input()).square().mean().backward();
    let gradients = GradientsParams::from_grads(gradients, &net);
    SgdConfig::new().init().step(0.1, net, gradients)
}

#[test]
fn it_starts_as_a_copy_that_takes_no_gradients_in_the_mode_of_the_original() {
    // Not initialised, a clone would share its values and with them what is done to it.
    let net = Net::new(2);
    let average = untrained_copy(&net);
    assert_eq!(average.weight(), net.weight());
    assert!(net.linear.weight.is_require_grad() && net.norm.gamma.is_require_grad());
    assert!(!average.linear.weight.is_require_grad() && !average.norm.gamma.is_require_grad());
    assert!(average.linear.weight.val().is_autodiff());
    assert!(average.norm.training.is_enabled() && average.dropout.training.is_enabled());
    assert_ne!(average.linear.weight.id, net.linear.weight.id);
    assert_ne!(average.dropout.training.id, net.dropout.training.id);
    // What takes no gradients stays so, and modes come back.
    let again = average.valid().train();
    assert!(!again.linear.weight.is_require_grad());
    assert!(again.dropout.training.is_enabled());
}

#[test]
fn a_step_moves_it_by_the_rest_of_the_decay_and_copies_statistics() {
    let mut net = Net::new(2);
    let mut average = untrained_copy(&net);
    let mut by_hand = net.weight();
    for decay in [0.9, 0.5, 0.99, 0.0, 1.0] {
        net = step(net);
        let _ = (net.forward(input()), average.forward(input()));
        let ids = list_param_ids(&average);
        average = follow(&average, &net, decay, NAMES, None).expect("the same parameters");
        for (own, other) in by_hand.iter_mut().zip(net.weight()) {
            #[expect(clippy::cast_possible_truncation, reason = "a number near 1")]
            let decay = decay as f32;
            *own = decay * *own + (1.0 - decay) * other;
        }
        for (own, expected) in average.weight().iter().zip(&by_hand) {
            assert!((own - expected).abs() < 1e-6, "{own} is not {expected}");
        }
        assert_eq!(average.mean(), net.mean(), "nothing of its own comes after");
        assert_eq!(list_param_ids(&average), ids);
        assert!(!average.linear.weight.is_require_grad());
        assert!(average.dropout.training.is_enabled());
        if decay <= 0.0 {
            assert_eq!(average.weight(), net.weight(), "exactly");
        }
    }
    assert_ne!(average.weight(), net.weight());
}

/// Rounding alone would move it.
#[test]
fn where_it_is_what_it_follows_it_stays() {
    let net = Net::new(64);
    let mut average = untrained_copy(&net);
    for _ in 0..20 {
        average = follow(&average, &net, 0.9999, NAMES, None).expect("the same parameters");
    }
    assert_eq!(average.weight(), net.weight());
}

#[test]
fn what_takes_no_gradients_does_not_move_it() {
    let mut net = Net::new(2);
    let average = untrained_copy(&net);
    net = step(net);
    net.linear.bias = net.linear.bias.map(|bias| bias.set_require_grad(false));
    let bias = |net: &Net| -> Vec<f32> {
        let bias = net.linear.bias.as_ref().expect("a bias").val();
        bias.into_data().try_to_vec().expect("floats")
    };
    let part = follow(&average, &net, 0.5, NAMES, None).expect("the same parameters");
    assert_eq!(bias(&part), bias(&average));
    assert_ne!(part.weight(), average.weight());

    let still = follow(&average, &net.freeze(), 0.5, NAMES, None).expect("the same parameters");
    assert_eq!(still.weight(), average.weight());
    assert!(!still.dropout.training.is_enabled(), "in the mode of it");
}

#[test]
fn in_validation_it_stays() {
    let net = Net::new(2);
    let average = untrained_copy(&net);
    let net = step(net).valid();
    let still = follow(&average.valid(), &net, 0.5, NAMES, None).expect("the same parameters");
    assert_eq!(still.weight(), average.weight());
    assert!(still.train().dropout.training.is_enabled());
}

#[test]
fn clones_stay_as_they_are() {
    let net = Net::new(2);
    let average = untrained_copy(&net);
    let clone = average.clone();
    let before = (clone.weight(), clone.mean());
    let net = step(net);
    let _ = net.forward(input());
    let moved = follow(&average, &net, 0.5, NAMES, None).expect("the same parameters");
    assert_ne!((moved.weight(), moved.mean()), before);
    assert_eq!((clone.weight(), clone.mean()), before);
}

/// Burn refuses an operation on tensors of two strategies.
#[test]
fn it_keeps_the_strategy_of_its_device() {
    let device = Device::default().autodiff().gradient_checkpointing();
    let net = LinearConfig::new(3, 2).init(&device);
    let average = untrained_copy(&net);
    let moved = follow(&average, &net, 0.5, NAMES, None).expect("the same parameters");
    let input = Tensor::<2>::ones([4, 3], &device);
    let apart = net.forward(input.clone()) - moved.forward(input);
    let gradients = apart.square().sum().backward();
    assert!(net.weight.val().grad(&gradients).is_some());
    assert!(moved.weight.val().grad(&gradients).is_none());
}

#[test]
fn integers_are_copied() {
    let mut net = Net::new(2);
    let average = untrained_copy(&net);
    net.steps = net.steps.map(|steps| steps + 1);
    let moved = follow(&average, &net, 0.5, NAMES, None).expect("the same parameters");
    assert_eq!(moved.steps.val().into_data(), net.steps.val().into_data());
}

#[test]
fn what_has_other_parameters_is_named() {
    let (average, net) = (Net::new(2), Net::new(4));
    let error = follow(&average, &net, 0.5, NAMES, None).expect_err("another width");
    assert_eq!(
        error.to_string(),
        "`target` is the average of `online`, but has other parameters [D0810]\n\n\
         \x20        = note: `target.linear.weight` : [3, 2]\n\
         \x20        = note: `online.linear.weight` : [3, 4]\n\
         \x20        = help: assign to both: `model.target = model.online.clone()`, then `freeze_as_drawn()`"
    );
    let mut fewer = Net::new(4);
    fewer.linear.bias = None;
    let error = follow(&fewer, &net, 0.5, NAMES, None).expect_err("fewer");
    assert!(
        error
            .to_string()
            .contains("note: `online.linear.bias` : [4]"),
        "{error}"
    );
    let error = follow(&net, &fewer, 0.5, NAMES, None).expect_err("more");
    assert!(
        error.to_string().contains("`target.linear.bias` : [4]"),
        "{error}"
    );
}

#[test]
fn a_decay_is_from_0_to_1() {
    assert_eq!(check_decays(&[("slow", 0.0), ("fast", 1.0)]), Ok(()));
    for decay in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
        let error = check_decays(&[("slow", 0.5), ("fast", decay)]).expect_err("out of range");
        let text =
            format!("the decay of `fast` is {decay}, and a decay is a number from 0 to 1 [D0312]");
        assert_eq!(error.to_string(), text);
    }
}
