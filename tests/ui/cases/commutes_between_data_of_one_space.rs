use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        Photo: [batch, 784];
        Code: [batch, 16];
        Class: Int[batch];
        data Anchor, Positive: Photo;
        data Label: Class;

        Photo --embed--> Code --guess--> Class;
        embed = linear;
        guess = |code| code.argmax(1).squeeze_dim(1);

        commutes at Code, Class;
    }
}

fn main() {}
