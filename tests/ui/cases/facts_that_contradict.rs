use diagrammatic::diagram;

diagram! {
    pub Classifier(hidden: usize = 32) {
        dyn batch;
        where hidden % 2 == 0, hidden >= 4;
        where hidden % 4 == 3;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(hidden) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
