use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data X1: [batch, 784];
        data X_1: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        X1 --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
