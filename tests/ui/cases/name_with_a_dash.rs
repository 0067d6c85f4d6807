use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --my-model--> Logits;
        my_model = linear;

        my_model ~ Label by cross_entropy;
    }
}

fn main() {}
