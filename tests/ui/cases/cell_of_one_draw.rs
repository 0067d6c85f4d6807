//! A cell that is always 0, and would not be with another draw.

#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> dropout(0.5) >> linear;

        fit: model ~ Label by cross_entropy;
        steady: model ~ model by kl;
    }
}

fn main() {}
