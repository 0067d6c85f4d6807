use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher<const CLASSES: usize> {
    layer: nn::Linear,
}

#[signature([b, 1, Self::SIDE, Self::SIDE] -> [b, CLASSES + 1])]
impl<const CLASSES: usize> Teacher<CLASSES> {
    const SIDE: usize = 8;

    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher<10>;
        student = flatten >> linear;

        student ~ teacher by kl(temperature = 4.0);
        student ~ Label by cross_entropy;
    }
}

fn main() {}
