use burn::module::Module;
use burn::nn::Linear;
use burn::tensor::Tensor;
use diagrammatic::diagram;

#[derive(Module, Debug)]
pub struct Encoder {
    linear: Linear,
}

impl Encoder {
    pub fn forward(&self, image: Tensor<2>) -> Tensor<2> {
        self.features(image)
    }

    pub fn features(&self, image: Tensor<2>) -> Tensor<2> {
        self.linear.forward(image)
    }
}

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--inner-- Image;
        Image --target--> Code;

        online = Encoder;
        inner = online.features;
        target = ema(inner, decay = 0.99);

        online ~ target;
    }
}

fn main() {}
