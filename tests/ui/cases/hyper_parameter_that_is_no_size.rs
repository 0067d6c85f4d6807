use diagrammatic::diagram;

diagram! {
    pub Classifier(width: f64 = 64.0) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(width) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
