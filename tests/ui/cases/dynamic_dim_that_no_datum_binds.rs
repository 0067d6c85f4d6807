use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch, seq;

        data Image: [batch, 2 * seq, 784];
        data Label: Int[batch, 2 * seq];
        Logits: [batch, 2 * seq, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
