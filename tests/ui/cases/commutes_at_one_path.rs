use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Code: [batch, 16];
        Spare: [batch, 16];

        Image --encode--> Code --decode--> Image;
        Spare --unused--> Code;
        encode = linear;
        decode = linear;
        unused = linear;

        commutes at Code, Spare, Image;
    }
}

fn main() {}
