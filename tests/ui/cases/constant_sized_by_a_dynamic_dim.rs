use diagrammatic::diagram;

diagram! {
    pub Tokens {
        dyn batch;

        data Target: Token;
        Token: [batch, 64];

        () --token--> Token;
        token = parameter;

        token ~ Target;
    }
}

fn main() {}
