use diagrammatic::diagram;

diagram! {
    pub Classifier(hidden usize) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(hidden) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
