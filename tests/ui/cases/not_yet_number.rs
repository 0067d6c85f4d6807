//! Numbers in paths that have no meaning yet, or none at all.

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Logits --calm--> Logits;
        model = linear;
        calm = tanh;

        fit: model ~ Label by cross_entropy;
        one: Label ~ 1;
        two: calm(1) ~ model;
        three: model ~ 1e999;
    }
}

fn main() {}
