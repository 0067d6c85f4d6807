//! Layers that act on each element, and keep the shape.

use burn::nn::DropoutConfig;
use burn::nn::activation::{Gelu, Relu, Sigmoid, Tanh};
use burn::tensor::activation;
use proptest::bool::ANY;

use crate::harness::{Case, extents, layers, zeros};

layers! {
    fn relu(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("relu", &input, move || Relu::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn gelu(input in extents(3, 3, 6), approximate in ANY) {
        let shape = input.clone();
        Case::new(format!("gelu(approximate = {approximate})"), &input, move || {
            let layer = if approximate { Gelu::new_approximate() } else { Gelu::new() };
            layer.forward(zeros::<3>(&shape)).dims().to_vec()
        })
    }

    fn tanh(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("tanh", &input, move || Tanh::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    fn sigmoid(input in extents(3, 3, 6)) {
        let shape = input.clone();
        Case::new("sigmoid", &input, move || Sigmoid::new().forward(zeros::<3>(&shape)).dims().to_vec())
    }

    /// On axes that are there and on those that are not.
    fn softmax(input in extents(3, 3, 6), axis in 0..5usize) {
        let shape = input.clone();
        Case::new(format!("softmax({axis})"), &input, move || {
            activation::softmax(zeros::<3>(&shape), axis).dims().to_vec()
        })
    }

    /// Of probabilities from 0 to 2.
    fn dropout(input in extents(3, 3, 6), percent in 0..200u32) {
        let (shape, prob) = (input.clone(), f64::from(percent) / 100.0);
        let case = Case::new(format!("dropout({prob:?})"), &input, move || {
            DropoutConfig::new(prob).init().forward(zeros::<3>(&shape)).dims().to_vec()
        });
        // Burn takes 1 as well, which leaves nothing of its input.
        case.refused_where(percent == 100, diagram_core::Code::ArgumentRange)
    }
}
