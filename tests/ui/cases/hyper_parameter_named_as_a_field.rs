use diagrammatic::diagram;

diagram! {
    pub Classifier(weights: usize = 32, decays: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(weights) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
