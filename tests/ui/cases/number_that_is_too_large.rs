use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Image --wide--> Logits;
        model = linear(8) >> relu >> linear;
        wide = linear(18446744073709551616) >> relu >> linear;

        model ~ Label by cross_entropy;
        wide ~ Label by cross_entropy;
    }
}

fn main() {}
