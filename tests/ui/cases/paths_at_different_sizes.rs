use diagrammatic::diagram;

diagram! {
    pub Views {
        dyn batch, many;

        Image: [batch, 6];
        data Labelled: Image;
        data Label: Int[batch];
        data Weak: Image[batch = many];
        Logits: [batch, 3];

        Image --model--> Logits;
        model = linear;

        views: model(Weak) ~ model(Labelled);
        labels: model(Weak) ~ Label by cross_entropy;
    }
}

fn main() {}
