//! `linear`.

use burn::nn::LinearConfig;
use proptest::bool::ANY;

use crate::harness::{Case, Counted, device, extents, layers, zeros};

layers! {
    fn linear(input in extents(1, 3, 6), output in 1..6usize, bias in ANY) {
        let shape = input.clone();
        Case::new(format!("linear({output}, bias = {bias})"), &input, move || {
            let width = shape.last().copied().unwrap_or_default();
            let layer = LinearConfig::new(width, output).with_bias(bias).init(&device()).counted();
            match shape.len() {
                1 => layer.forward(zeros::<1>(&shape)).dims().to_vec(),
                2 => layer.forward(zeros::<2>(&shape)).dims().to_vec(),
                _ => layer.forward(zeros::<3>(&shape)).dims().to_vec(),
            }
        })
    }
}
