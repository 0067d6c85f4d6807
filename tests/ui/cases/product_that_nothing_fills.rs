use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Code: [batch, 64];
        Logits: [batch, 10];

        Image --encoder--> Code;
        Code * Code --compare--> Logits;
        encoder = linear >> relu;
        compare = concat(1) >> linear;

        compare ~ Label by cross_entropy;
    }
}

fn main() {}
