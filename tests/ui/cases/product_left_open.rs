use diagrammatic::diagram;

diagram! {
    pub Posterior {
        dyn batch;

        data Image: [batch, 784];
        data Target: [batch, 16];
        Mean: [batch, 16];
        LogVar: [batch, 16];

        Image --encode--> Mean * LogVar;
        Mean --carry--> Target;
        encode = linear(64) >> relu >> linear;
        carry = linear;

        encode.Mean >> carry ~ Target;
    }
}

fn main() {}
