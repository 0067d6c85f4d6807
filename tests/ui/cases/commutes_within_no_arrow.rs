use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Code: [batch, 16];

        Image --encode--> Code --decode--> Image;
        encode = linear;
        decode = linear;

        commutes at Image within 0;
    }
}

fn main() {}
