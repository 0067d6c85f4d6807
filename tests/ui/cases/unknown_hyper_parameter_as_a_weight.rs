use diagrammatic::diagram;

diagram! {
    pub Classifier(balance: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy weight balnce;
    }
}

fn main() {}
