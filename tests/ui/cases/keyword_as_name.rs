use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --gen--> Logits;
        r#gen = linear(64) >> relu >> linear;

        r#gen ~ Label by cross_entropy;
    }
}

fn main() {}
