use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

#[signature([b, 1, 2 * side, side] -> [b, 10 * classes])]
impl Teacher {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }
}

fn main() {}
