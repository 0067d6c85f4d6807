use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

#[signature([b, 1, 8, 8] -> [b, 10])]
impl Teacher {
    pub fn foward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }
}

fn main() {}
