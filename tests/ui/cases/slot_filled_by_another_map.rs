use burn::nn::{Linear, LinearConfig};
use diagrammatic::prelude::*;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Feature: [batch, 16];
        Logits: [batch, 10];

        Image --trunk--> Feature --head--> Logits;
        trunk = _;
        head = linear;

        trunk >> head ~ Label by cross_entropy;
    }
}

/// It takes images without their channel.
#[derive(Module, Debug)]
struct Flat {
    linear: Linear,
}

impl Map<Tensor<3>> for Flat {
    type Output = Tensor<2>;

    fn apply(&self, image: Tensor<3>) -> Tensor<2> {
        self.linear.forward(image.flatten(1, 2))
    }
}

fn main() {
    let device = Device::default();
    let trunk = Flat { linear: LinearConfig::new(64, 16).init(&device) };
    let model = ClassifierConfig::new().init(ClassifierModules { trunk }, &device);
    println!("{model}");
}
