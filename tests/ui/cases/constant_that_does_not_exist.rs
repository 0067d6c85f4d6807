use diagrammatic::diagram;

const CLASSES: usize = 10;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, CLASES];

        Image --model--> Logits;
        model = linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
