//! A closure that returns a tensor of another rank than drawn.

use diagrammatic::prelude::*;


diagram! {
    Classifier(gain: f64 = 2.0) {
        dyn batch;
        data Image: [batch, 3];
        data Label: [batch, 3];
        Image --crop--> Image --model--> Label;
        crop = |image| image.sum_dim(1).squeeze::<1>() * gain;
        model = linear;
        fit: model(crop(Image)) ~ Label;
    }
}

fn main() {}
