use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;

        teacher = frozen Teacher;
        student = linear;

        student ~ teacher by kl(temperature = 4.0);
    }
}

fn main() {}
