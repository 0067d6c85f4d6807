use diagrammatic::diagram;

diagram! {
    pub Siamese {
        dyn batch;

        Photo: [batch, 784];
        Code: [batch, 16];
        data Anchor, Positive: Photo;

        Photo --embed--> Code --render--> Photo;
        embed = linear;
        render = linear;

        commutes at Foto, Anchor, embed;
    }
}

fn main() {}
