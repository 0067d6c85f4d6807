use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        Code: [batch, 64];
        data First, Second: Code;
        data Label: Int[batch];
        Logits: [batch, 10];

        Code * Code --compare--> Logits;
        compare = concat(1) >> linear;

        compare ~ Label by cross_entropy;
    }
}

fn main() {}
