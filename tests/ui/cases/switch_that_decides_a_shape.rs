use diagrammatic::diagram;

diagram! {
    pub Classifier(keep: bool = true) {
        dyn batch;

        data Image: [batch, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = mean(2, keep) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
