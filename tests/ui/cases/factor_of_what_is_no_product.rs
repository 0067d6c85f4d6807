use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Code: [batch, 16];

        Image --encode--> Code --decode--> Image;
        encode = linear;
        decode = linear;

        encode.Code >> decode ~ Image;
    }
}

fn main() {}
