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
        Image --model--> Latent;

        encoder = linear >> relu;
        decoder = linear;
        head = linear;
        model = encoder >> head;

        rebuild: encoder >> decoder ~ Image;
        name: encoder >> head ~ Label by cross_entropy;
    }
}

fn main() {}
