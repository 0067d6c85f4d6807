use diagrammatic::diagram;

diagram! {
    pub Classifier(dropout: f64 = 0.1) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> dropout(prob = droput) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
