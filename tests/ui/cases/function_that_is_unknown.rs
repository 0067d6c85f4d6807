//! A function that there is not.

use diagrammatic::prelude::*;


diagram! {
    Classifier(gain: f64 = 2.0) {
        dyn batch;
        data Image: [batch, 3];
        data Label: [batch, 3];
        Image --crop--> Image --model--> Label;
        crop = fn augment::shift;
        model = linear;
        fit: model(crop(Image)) ~ Label;
    }
}

fn main() {}
