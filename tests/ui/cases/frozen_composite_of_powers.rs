use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Guide {
    layer: nn::Linear,
}

impl Guide {
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.layer.forward(x)
    }

    pub fn back(&self, x: Tensor<2>) -> Tensor<2> {
        self.layer.forward(x)
    }
}

diagram! {
    pub Steps {
        dyn batch;

        data X: [batch, 4];

        X --f--> X;
        X --g--> X;
        X --guide--> X;
        X --back--> X;
        X --still--> X;
        X --half--> X;
        X --m--> X;
        X --n--> X;

        f = linear;
        g = linear >> relu;
        guide = Guide;
        back = guide.back;
        still = frozen linear;
        half = |x| x * 0.5;
        m = f >> again(g^3 >> f) >> still >> back >> half;
        n = frozen f >> m^2 >> half;

        frozen m;

        fit: m ~ X;
    }
}

fn main() {}
