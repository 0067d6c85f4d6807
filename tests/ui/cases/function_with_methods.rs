//! What has no weights has no methods, adapters, or what could be frozen.

use diagrammatic::prelude::*;

fn shift(image: Tensor<2>) -> Tensor<2> {
    image
}

diagram! {
    Classifier(gain: f64 = 2.0) {
        dyn batch;
        data Image: [batch, 3];
        data Label: [batch, 3];
        Image --crop--> Image --model--> Label;
        crop = frozen fn shift;
        Image --inner--> Image;
        inner = crop.inner;
        Image --turn--> Image;
        turn = |image| image * gain;
        frozen turn;
        lora turn(rank = 2);
        model = linear;
        fit: model(crop(Image)) ~ Label;
    }
}

fn main() {}
