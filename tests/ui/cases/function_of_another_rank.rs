//! A function on tensors of another rank than drawn.

use diagrammatic::prelude::*;

fn shift(image: Tensor<4>) -> Tensor<4> {
    image
}

diagram! {
    Classifier(gain: f64 = 2.0) {
        dyn batch;
        data Image: [batch, 3];
        data Label: [batch, 3];
        Image --crop--> Image --model--> Label;
        crop = fn shift;
        model = linear;
        fit: model(crop(Image)) ~ Label;
    }
}

fn main() {}
