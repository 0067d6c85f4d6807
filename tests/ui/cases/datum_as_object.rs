use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        Image: [batch, 784];
        data Photo: Image;
        data Label: Int[batch];
        Logits: [batch, 10];

        Photo --model--> Logits;
        model = linear(64) >> relu >> linear;

        model(Photo) ~ Label by cross_entropy;
    }
}

fn main() {}
