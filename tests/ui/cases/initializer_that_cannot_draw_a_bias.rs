use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(32, initializer = orthogonal) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
