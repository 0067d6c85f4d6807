use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 28, 28];
        data Label: Int[batch];
        Flat: [batch, 784];
        Logits: [batch, 10];

        Image --flat--> Flat --head--> Logits;

        flat = flatten;
        head = linear;
        lora flat(rank = 8);

        flat >> head ~ Label by cross_entropy;
    }
}

fn main() {}
