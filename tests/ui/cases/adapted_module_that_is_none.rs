use diagrammatic::prelude::*;

/// A struct without `#[derive(Module)]`.
#[derive(Clone, Debug)]
pub struct Teacher;

impl Teacher {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        image.narrow(1, 0, 10)
    }
}

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --student--> Logits;
        teacher = lora(Teacher, rank = 4);
        student = linear;

        student ~ teacher;
    }
}

fn main() {}
