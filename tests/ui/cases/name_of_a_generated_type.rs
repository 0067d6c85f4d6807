use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --loss_--> Logits;
        loss_ = linear;

        loss_ ~ Label by cross_entropy;
    }
}

fn main() {}
