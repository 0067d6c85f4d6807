use diagrammatic::diagram;

diagram! {
    pub Scorer {
        dyn batch;

        data Image: [batch, 784];
        data Score: [batch];

        Image --model--> Score;
        model = linear(64) >> relu >> linear;

        model ~ Score by mse;
    }
}

fn main() {}
