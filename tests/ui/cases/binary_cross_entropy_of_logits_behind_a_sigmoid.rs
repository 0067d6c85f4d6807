#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Judge {
        dyn batch;

        data Image: [batch, 784];
        data Real: Bool[batch, 1];
        Score: [batch, 1];

        Image --judge--> Score;
        judge = linear(64) >> relu >> linear >> sigmoid;

        judge ~ Real by binary_cross_entropy(logits = true);
    }
}

fn main() {}
