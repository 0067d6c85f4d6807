use diagrammatic::diagram;

diagram! {
    #[allow(D0799, dead_code)]
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];
        #[allow(D0701)]
        Latent: [batch, 64];

        #[allow(D0301)]
        Image --model--> Logits;
        #[expect(D0702)]
        Image --other--> Logits;
        model = linear(64) >> relu >> linear;
        other = linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
