use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 1, 28, 28];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = deform_conv2d(8, 3) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
