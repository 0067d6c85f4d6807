use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 9000000000, 9000000000, 9000000000];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = flatten >> linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
