use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Latent: [batch, 64];

        Image --encoder--> Latent --head--> Logits;
        encoder = linear >> relu;
        head = linear;
        model = encodr >> head;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
