#![deny(deprecated)]

use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Quantiser {
    layer: nn::Linear,
}

impl Quantiser {
    pub fn forward(&self, x: Tensor<2>) -> Tensor<1, Int> {
        self.layer.forward(x).argmax(1).squeeze_dim(1)
    }
}

diagram! {
    pub Codes {
        dyn batch;

        data X, T: [batch, 4];
        C: Int[batch];

        X --quantise--> C;
        C --look--> T;

        quantise = Quantiser;
        look = embedding(10);

        fit: quantise >> look ~ T;
    }
}

fn main() {}
