use diagrammatic::diagram;

diagram! {
    pub Turned {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        Code: [batch, 16];

        Image --turn--> Image --encode--> Code;
        turn = |image| image.swap_dims(2, 3);
        encode = frozen flatten >> linear;

        commutes;
    }
}

fn main() {}
