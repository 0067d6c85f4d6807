use diagrammatic::diagram;

diagram! {
    pub Tokens {
        dyn batch;

        data Image: [batch, 64];
        data Target: Token;
        Token: [1, 64];

        Image --token--> Token;
        token = parameter(initializer = zeroes);

        token ~ Target;
    }
}

fn main() {}
