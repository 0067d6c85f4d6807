#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];
        Shares: [batch, 10];

        Image --see--> Logits --share--> Shares;
        see = linear;
        share = softmax(1);

        see >> share ~ Label by cross_entropy;
    }
}

fn main() {}
