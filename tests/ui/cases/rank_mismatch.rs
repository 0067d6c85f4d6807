use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 1, 32, 14];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = conv2d(32, kernel = 5) >> max_pool2d(2) >> relu;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
