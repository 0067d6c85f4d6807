use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Image --slow--> Logits;
        Image --other--> Logits;
        model = linear(64) >> relu >> dropout(50) >> linear;
        other = linear;
        slow = ema(model, decay = 99.9);

        model ~ slow;
        other ~ Label by cross_entropy(smoothing = 10);
    }
}

fn main() {}
