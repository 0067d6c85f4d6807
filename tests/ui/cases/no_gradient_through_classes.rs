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
        X --model--> T;

        quantise = Quantiser;
        look = frozen embedding(10);
        model = linear;

        fit: quantise >> look ~ T;
        zero: quantise >> look ~ scale(model, 0.0);
    }
}

fn main() {}
