use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

type Image = Tensor<3>;

#[signature([b, 1, 8, 8] -> [b, 10])]
impl Teacher {
    pub fn forward(&self, image: Image) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 2))
    }
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;
        student = flatten >> linear;

        student ~ teacher by kl(temperature = 4.0);
        student ~ Label by cross_entropy;
    }
}

fn main() {}
