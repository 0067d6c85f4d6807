use diagrammatic::diagram;

const RATE: f64 = 1.5;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> dropout(RATE) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
