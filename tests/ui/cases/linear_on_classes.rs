use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Word: Int[batch, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Word --model--> Logits;
        model = linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
