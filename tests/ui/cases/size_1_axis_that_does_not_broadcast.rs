use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Score: [batch, 1];
        data Target: Score;

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Target by mse;
    }
}

fn main() {}
