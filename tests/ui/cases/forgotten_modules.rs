use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Teacher {
    layer: burn::nn::Linear,
}

impl Teacher {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        self.layer.forward(image)
    }
}

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = Teacher;

        model ~ Label by cross_entropy;
    }
}

fn model(device: &Device) -> Classifier {
    ClassifierConfig::new().init(device)
}

fn main() {}
