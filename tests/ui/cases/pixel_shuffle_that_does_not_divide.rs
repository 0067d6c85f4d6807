use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 6, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = pixel_shuffle(2) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
