use diagrammatic::diagram;

diagram! {
    pub Classifier(hidden: usize = 32, width: usize = 4) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, hidden];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear(width * (hidden / width));

        model ~ Label by cross_entropy;
    }
}

fn main() {}
