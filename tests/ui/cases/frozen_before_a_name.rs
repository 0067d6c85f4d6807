use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        frozen model = linear;

        watch fit: model ~ Label by cross_entropy;
    }
}

fn main() {}
