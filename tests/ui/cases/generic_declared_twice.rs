use diagrammatic::diagram;

diagram! {
    pub Classifier<const CLASSES: usize>(CLASSES: usize = 10) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, CLASSES];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
