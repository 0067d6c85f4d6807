use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --loss--> Logits;
        loss = linear(64) >> relu >> linear;

        loss ~ Label by cross_entropy;
    }
}

fn main() {}
