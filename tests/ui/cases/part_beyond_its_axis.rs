use diagrammatic::prelude::*;

diagram! {
    pub Topics {
        dyn batch, words;

        data Text: Int[batch, words];
        data Topic: Int[batch];
        Logits: [batch, 5];

        Text --read--> Logits;
        read = embedding(100, 16) >> narrow(1, words - 8, 8) >> flatten >> linear;

        read ~ Topic by cross_entropy;
    }
}

fn main() {}
