use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Code: [batch, 16];

        Image --encode--> Code --decode--> Image;
        Image --other--> Code;
        encode = linear;
        decode = linear;
        other = linear;

        code_1: other ~ encode;
        commutes;
        image_2: encode >> decode ~ Image by l1;
    }
}

fn main() {}
