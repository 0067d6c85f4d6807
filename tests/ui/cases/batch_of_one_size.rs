#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        data Image: [64, 1, 8, 8];
        data Label: Int[64];
        Logits: [64, 10];

        Image --model--> Logits;
        model = flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

diagram! {
    #[allow(D0708)]
    pub Whole {
        data Point: [100, 2];
        Point --model--> Point;
        model = linear(8) >> tanh >> linear;
        model ~ Point;
    }
}

fn main() {}
