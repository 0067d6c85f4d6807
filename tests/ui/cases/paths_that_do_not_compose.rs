use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Latent: [batch, 64];
        Logits: [batch, 10];

        Image --encoder--> Latent --decoder--> Image;
        Latent --head--> Logits;

        encoder = linear >> relu;
        decoder = linear;
        head = linear;

        rebuild: encoder >> decoder ~ Image;
        name: encoder >> decoder >> head ~ Label by cross_entropy;
    }
}

fn main() {}
