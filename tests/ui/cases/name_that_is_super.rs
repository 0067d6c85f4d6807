use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Super: [batch, 784];
        data Label: Int[batch];
        Crate: [batch, 10];

        Super --model--> Crate;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
