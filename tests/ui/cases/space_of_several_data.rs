use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        Image: [batch, 784];
        data Clean, Noisy: Image;
        data Label: Int[batch];
        Latent: [batch, 64];
        Logits: [batch, 10];

        Image --encoder--> Latent --decoder--> Image;
        Latent --head--> Logits;

        encoder = linear >> relu;
        decoder = linear;
        head = linear;

        rebuild: encoder >> decoder ~ Clean;
        name: encoder(Noisy) >> head ~ Label by cross_entropy;
    }
}

fn main() {}
