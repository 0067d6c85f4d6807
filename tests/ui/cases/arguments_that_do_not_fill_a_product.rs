use diagrammatic::prelude::*;

diagram! {
    Posterior {
        dyn batch;

        data Image: [batch, 784];
        data Other: Code;
        Mean: [batch, 16];
        LogVar: [batch, 16];
        Code: [batch, 8];

        Image --encode--> Mean * LogVar --join--> Code;
        encode = linear(64) >> relu >> (linear, linear);
        join = Join;

        join(encode, encode.Mean) ~ Other;
    }
}

#[derive(Module, Debug)]
struct Join {
    weight: Tensor<1>,
}

fn main() {}
