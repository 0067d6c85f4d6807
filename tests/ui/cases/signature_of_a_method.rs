use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: nn::Linear,
}

impl Teacher {
    pub fn forward(&self, image: Tensor<4>) -> Tensor<2> {
        self.layer.forward(image.flatten(1, 3))
    }

    #[signature([b, c, h, w] -> [b, 2 * c, h, w])]
    pub fn features(&self, image: Tensor<4>) -> Tensor<4> {
        Tensor::cat(vec![image.clone(), image], 1)
    }
}

diagram! {
    pub Hinted {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        Features: [batch, 4, 8, 8];
        Logits: [batch, 10];

        Image --teacher--> Logits;
        Image --guide--> Features;
        Image --hint--> Features;

        teacher = frozen Teacher;
        guide = teacher.features;
        hint = conv2d(kernel = 3, padding = 1);

        hint ~ guide;
    }
}

fn main() {}
