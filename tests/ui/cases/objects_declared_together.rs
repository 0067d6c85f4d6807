use diagrammatic::diagram;

diagram! {
    pub Posterior {
        dyn batch;

        data Image: [batch, 784];
        data Target: Mean;
        Mean, LogVar: [batch, 16];

        Image --encode--> Mean;
        Image --spread--> LogVar;
        encode = linear;
        spread = linear;

        encode ~ Target;
    }
}

fn main() {}
