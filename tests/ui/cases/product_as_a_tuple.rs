use diagrammatic::diagram;

diagram! {
    pub Posterior {
        dyn batch;

        data Image: [batch, 784];
        data Target: Mean;
        Mean: [batch, 16];
        LogVar: [batch, 16];

        Image --encode--> (Mean, LogVar);
        encode = linear(64) >> relu >> (linear, linear);

        encode.Mean ~ Target;
    }
}

fn main() {}
