use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = chunk(3, axis = 1) >> add >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
