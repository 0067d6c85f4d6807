//! Activations: the shape after each, and which settings are refused.

use burn::nn::SwiGluConfig;
use burn::nn::activation::*;
use burn::tensor::activation;
use diagram_core::Code;
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, extents, layers, zeros};

layers! {
    fn relu6(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("relu6", &input, move || Relu6::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn log_sigmoid(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("log_sigmoid", &input, move || LogSigmoid::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn selu(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("selu", &input, move || Selu::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn silu(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("silu", &input, move || SiLU::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn mish(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("mish", &input, move || Mish::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn hard_swish(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("hard_swish", &input, move || HardSwish::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn softsign(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("softsign", &input, move || Softsign::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn tanhshrink(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("tanhshrink", &input, move || Tanhshrink::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn leaky_relu(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("leaky_relu(negative_slope = {value:?})"), &input, move || {
            let layer = LeakyReluConfig::new().with_negative_slope(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn elu(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("elu(alpha = {value:?})"), &input, move || {
            let layer = EluConfig::new().with_alpha(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn celu(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("celu(alpha = {value:?})"), &input, move || {
            let layer = CeluConfig::new().with_alpha(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    /// A negative bound, which Burn takes, bounds nothing.
    fn hard_shrink(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("hard_shrink(lambda = {value:?})"), &input, move || {
            let layer = HardShrinkConfig::new().with_lambda(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        }).refused_where(tenths < 0, Code::ArgumentRange)
    }

    /// A negative bound, which Burn takes, bounds nothing.
    fn soft_shrink(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("soft_shrink(lambda = {value:?})"), &input, move || {
            let layer = SoftShrinkConfig::new().with_lambda(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        }).refused_where(tenths < 0, Code::ArgumentRange)
    }

    fn thresholded_relu(input in extents(3, 3, 6), tenths in -9..30i32) {
        let (shape, value) = (input.clone(), f64::from(tenths) / 10.0);
        Case::new(format!("thresholded_relu(alpha = {value:?})"), &input, move || {
            let layer = ThresholdedReluConfig::new().with_alpha(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn hard_sigmoid(input in extents(3, 3, 6), first in -9..9i32, second in -9..9i32) {
        let (shape, first, second) = (input.clone(), f64::from(first) / 4.0, f64::from(second) / 4.0);
        let text = format!("hard_sigmoid(alpha = {first:?}, beta = {second:?})");
        Case::new(text, &input, move || {
            let layer = HardSigmoidConfig::new().with_alpha(first).with_beta(second).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn hardtanh(input in extents(3, 3, 6), first in -9..9i32, second in -9..9i32) {
        let (shape, first, second) = (input.clone(), f64::from(first) / 4.0, f64::from(second) / 4.0);
        let text = format!("hardtanh(min_val = {first:?}, max_val = {second:?})");
        Case::new(text, &input, move || {
            let layer = HardtanhConfig::new().with_min_val(first).with_max_val(second).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn shrink(input in extents(3, 3, 6), bias in -9..9i32) {
        let (shape, bias) = (input.clone(), f64::from(bias) / 4.0);
        Case::new(format!("shrink(bias = {bias:?})"), &input, move || {
            let layer = ShrinkConfig::new().with_bias(bias).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    /// A `beta` of 0, which Burn divides by, is refused.
    fn softplus(input in extents(3, 3, 6), beta in -3..4i32) {
        let (shape, value) = (input.clone(), f64::from(beta));
        let case = Case::new(format!("softplus(beta = {value:?})"), &input, move || {
            let layer = SoftplusConfig::new().with_beta(value).init();
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        });
        case.refused_where(beta == 0, Code::ArgumentRange)
    }

    fn threshold(input in extents(3, 3, 6), value in -3..4i32) {
        let (shape, value) = (input.clone(), f64::from(value));
        Case::new(format!("threshold(0.5, {value:?})"), &input, move || {
            ThresholdConfig::new(0.5, value).init().forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    /// In training, where Burn draws the slopes: a range without a value is refused.
    fn rrelu(input in extents(3, 3, 6), lower in -3..4i32, upper in -3..4i32) {
        let (shape, lower, upper) = (input.clone(), f64::from(lower), f64::from(upper));
        Case::new(format!("rrelu(lower = {lower:?}, upper = {upper:?})"), &input, move || {
            let layer = RReluConfig::new().with_lower(lower).with_upper(upper).init();
            layer.forward(zeros::<3>(&shape).autodiff()).dims().to_vec()
        })
    }

    /// One slope, one per channel, or another number.
    fn prelu(input in extents(1, 3, 4), count in 0..4usize) {
        let shape = input.clone();
        Case::new(format!("prelu(num_parameters = {count})"), &input, move || {
            let layer = PReluConfig::new().with_num_parameters(count).init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
            }
        })
    }

    fn glu(input in extents(2, 2, 7), axis in 0..3usize) {
        let shape = input.clone();
        Case::new(format!("glu({axis})"), &input, move || {
            GLU::new(axis).forward(zeros::<2>(&shape)).dims().to_vec()
        })
    }

    fn swiglu(input in extents(2, 2, 6), width in 0..6usize, bias in ANY) {
        let shape = input.clone();
        Case::new(format!("swiglu({width}, bias = {bias})"), &input, move || {
            let layer = SwiGluConfig::new(shape[1], width).with_bias(bias).init(&device()).counted();
            layer.forward(zeros::<2>(&shape)).dims().to_vec()
        })
    }

    fn log_softmax(input in extents(3, 3, 6), axis in 0..5usize) {
        let shape = input.clone();
        Case::new(format!("log_softmax({axis})"), &input, move || {
            activation::log_softmax(zeros::<3>(&shape), axis).dims().to_vec()
        })
    }

    fn softmin(input in extents(3, 3, 6), axis in 0..5usize) {
        let shape = input.clone();
        Case::new(format!("softmin({axis})"), &input, move || {
            activation::softmin(zeros::<3>(&shape), axis).dims().to_vec()
        })
    }

    fn quiet_softmax(input in extents(3, 3, 6), axis in 0..5usize) {
        let shape = input.clone();
        Case::new(format!("quiet_softmax({axis})"), &input, move || {
            activation::quiet_softmax(zeros::<3>(&shape), axis).dims().to_vec()
        })
    }
}
