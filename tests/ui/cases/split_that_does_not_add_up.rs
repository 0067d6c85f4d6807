use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 96];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = split([64, 16], axis = 1) >> (linear * linear) >> add;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
