//! A function of more arguments than the arrow has factors.

use diagrammatic::prelude::*;

fn shift(image: Tensor<2>, by: Tensor<2>) -> Tensor<2> {
    image + by
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
