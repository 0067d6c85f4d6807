use diagrammatic::diagram;

mod sizes {
    pub const CLASSES: usize = 0;
}

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, sizes::CLASSES];

        Image --model--> Logits;
        model = linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
