use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 1, 28, 28];
        data Label: Int[batch];
        Latent: [batch, 8, 28, 28];

        Image --encoder--> Latent --decoder--> Image;

        encoder = conv2d(8, kernel = 3, padding = 1) >> relu;
        decoder = conv2d(1, kernel = 3, padding = 1);

        encoder >> decoder ~ Label;
    }
}

fn main() {}
