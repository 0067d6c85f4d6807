use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    count: usize,
}

impl Teacher {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        image.narrow(1, 0, self.count)
    }
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 64];
        Logits: [batch, 10];

        Image --student--> Logits;
        Image --teacher--> Logits;
        student = Teacher;
        teacher = _;

        student ~ teacher;
    }
}

fn main() {}
