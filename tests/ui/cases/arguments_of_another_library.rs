use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(out_features = 64) >> dropout(p = 0.5) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
