use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        fit: model ~ Label by cross_entropy * 0.5;
    }
}

fn main() {}
