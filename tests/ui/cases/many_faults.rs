use diagrammatic::diagram;

diagram! {
    pub Classifier(hidden: usize = 64, dropout: f64 = 0.1) {
        dyn batch;

        data Image: [batch, 1, 28, 28];
        data Label: Int[bach];
        Latent: [batch, hidden];
        Logits: [batch, 10];

        Image --encoder--> Latent;
        Latent --head-> Logits;
        Latent --decoder--> Imge;

        encoder = flatten >> lineer(hidden) >> relu;
        head = linear(12);
        decoder = linear;

        fit: encoder >> head ~ Logits by cross_entropy weight -0.5
        watch accuracy: encoder >> hed ~ Label by accuracy;
    }
}

fn main() {}
