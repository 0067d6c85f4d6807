use diagrammatic::diagram;

const CLASSES: usize = 10;

diagram! {
    pub Classifier(hidden: usize = 64) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, CLASSES];

        Image --model--> Logits;
        model = linear(hidden) >> relu >> linear(12);

        model ~ Label by cross_entropy;
    }
}

fn main() {}
