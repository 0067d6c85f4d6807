use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        data Left, Right: Image;
        Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image * Image * Image --compare--> Logits;
        compare = concat(1) >> linear;

        (Left, Right) >> compare ~ Label by cross_entropy;
    }
}

fn main() {}
