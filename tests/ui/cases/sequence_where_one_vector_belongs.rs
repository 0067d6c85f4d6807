use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Words: [batch, seq, 32];
        data Label: Int[batch];
        Logits: [batch, 10];

        Words --model--> Logits;
        model = lstm(64) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
