use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = relu(linear(64)) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
