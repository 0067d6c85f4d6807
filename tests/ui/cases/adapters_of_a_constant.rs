use diagrammatic::diagram;

diagram! {
    pub Prompted {
        dyn batch;

        data Code: [4, 64];
        Token: [4, 64];

        () --token--> Token --read--> Code;

        token = lora(parameter, rank = 2);
        read = linear;

        token >> read ~ Code;
    }
}

fn main() {}
