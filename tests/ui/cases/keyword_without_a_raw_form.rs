use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --self--> Logits;
        self = linear(64) >> relu >> linear;

        self ~ Label by cross_entropy;
    }
}

fn main() {}
