use burn::nn;
use diagrammatic::prelude::*;

#[derive(Module, Debug)]
pub struct Vit {
    layer: nn::Linear,
}

impl Vit {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        self.layer.forward(image)
    }

    pub fn features(&self, image: Tensor<2>) -> Tensor<2> {
        image
    }
}

diagram! {
    pub Tuning {
        dyn batch;

        data Image: [batch, 784];
        data Hidden: [batch, 64];
        data Logits: [batch, 10];

        Image --vit--> Logits;
        Image --guide--> Hidden;

        vit = Vit;
        guide = vit.features;
        lora guide(rank = 8);

        guide ~ Hidden;
        vit ~ Logits;
    }
}

fn main() {}
