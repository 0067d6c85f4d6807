use diagrammatic::diagram;

diagram! {
    pub Classifier(classes: usize = 10) {
        dyn batch;

        data Image: [batch, 784];
        Logits: [batch, 10];
        Scores: [batch, classes];

        Image --model--> Logits;
        Image --other--> Scores;
        model = linear;
        other = linear;

        outside: model ~ 10 by cross_entropy;
        negative: model ~ -1 by cross_entropy;
        half: model ~ 0.5 by cross_entropy;
        unknown: other ~ 3 by cross_entropy;
    }
}

fn main() {}
