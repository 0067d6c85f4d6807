#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Readers {
        dyn batch;

        data Image: [batch, 784];
        Logits: [batch, 10];

        Image --one--> Logits;
        Image --two--> Logits;
        Image --three--> Logits;
        Image --four--> Logits;

        one = linear >> softmax(1);
        two = linear >> softmax(1);
        three = linear;
        four = linear;

        commutes by kl;
    }
}

fn main() {}
