use burn::nn;
use diagrammatic::prelude::*;

const CLASSES: usize = 10;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

#[signature([b, 1, 8, 8] -> [b, 12])]
impl Teacher {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, CLASSES];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;
        student = flatten >> linear;

        student ~ teacher by kl(temperature = 4.0);
        student ~ Label by cross_entropy;
    }
}

fn main() {}
