use diagrammatic::diagram;

const CLASSES: u32 = 10;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, CLASSES];

        Image --model--> Logits;
        model = linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
