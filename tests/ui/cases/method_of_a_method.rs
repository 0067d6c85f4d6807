use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

impl Teacher {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        self.layer.forward(image)
    }

    pub fn features(&self, image: Tensor<2>) -> Tensor<2> {
        image
    }
}

diagram! {
    pub Distillation {
        dyn batch;

        data Image: [batch, 784];
        Hidden: [batch, 64];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --guide--> Hidden;
        Image --student_guide--> Hidden;
        Image --student--> Hidden --head--> Logits;

        teacher = frozen Teacher;
        guide = student_guide.features;
        student_guide = teacher.features;
        student = linear;
        head = linear;

        student ~ guide;
        student >> head ~ teacher;
    }
}

fn main() {}
