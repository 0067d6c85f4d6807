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

        data X: [batch, 4];
        C: Int[batch];
        L: [batch, 10];

        X --quantise--> C;
        X --model--> L;

        quantise = Quantiser;
        model = frozen linear;

        fit: model ~ quantise by cross_entropy;
    }
}

fn main() {}
