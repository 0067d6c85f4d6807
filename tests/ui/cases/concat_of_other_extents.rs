use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = (conv2d(4, 3), conv2d(4, 5)) >> concat(1) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
