use diagrammatic::diagram;

diagram! {
    pub Classifier(depth: usize = 2) {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = repeat(depth, linear(32) >> relu) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
