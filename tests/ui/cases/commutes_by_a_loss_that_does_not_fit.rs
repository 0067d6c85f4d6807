use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 1, 8, 8];
        Code: [batch, 16];

        Image --encode--> Code --decode--> Image;
        encode = flatten >> linear;
        decode = linear(64) >> reshape[batch, 1, 8, 8];

        commutes by info_nce;
    }
}

fn main() {}
