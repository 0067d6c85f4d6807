use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Latent: [batch, 64];

        Image --encoder--> Latent --decoder--> Image;

        encoder = linear >> relu;
        decoder = linear;
        rebuild = lora(encoder >> decoder, rank = 8);

        rebuild ~ Image;
    }
}

fn main() {}
