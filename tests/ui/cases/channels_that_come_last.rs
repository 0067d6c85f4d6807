#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 28, 28, 1];
        #[allow(D0707)]
        data Rows: [batch, 28, 28, 3];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Rows --rows--> Logits;
        model = dropout(0.1) >> conv2d(8, kernel = [3, 1]) >> relu >> flatten >> linear;
        rows = conv2d(8, kernel = 3) >> relu >> flatten >> linear;

        model ~ Label by cross_entropy;
        rows ~ Label by cross_entropy;
    }
}

fn main() {}
