use diagrammatic::diagram;

const PAD: f64 = 0.0;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy(pad_tokens = [PAD]);
    }
}

fn main() {}
