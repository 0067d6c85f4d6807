use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --2d--> Logits;
        d2 = linear(64) >> relu >> linear;

        d2 ~ Label by cross_entropy;
    }
}

fn main() {}
