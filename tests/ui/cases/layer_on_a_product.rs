use diagrammatic::diagram;

diagram! {
    pub Fusion {
        dyn batch;

        data Image: [batch, 64];
        data Text: [batch, 32];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image * Text --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
