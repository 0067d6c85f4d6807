use diagrammatic::diagram;

diagram! {
    pub Classifier(depth: usize = 2) {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = repeat(9000000000, linear(32) >> linear(16)) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
