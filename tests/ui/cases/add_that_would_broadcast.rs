use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = (identity, mean(1, keep = true)) >> add >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
