use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        dyn many;

        Image: [batch, 64];
        data Left, Right: Image;
        data Weak: Image[batch = many];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image * Image --compare--> Logits;
        compare = concat(1) >> linear;

        compare(Left, Weak) ~ Label by cross_entropy;
    }
}

fn main() {}
