use diagrammatic::diagram;

const SIDE: usize = 8;

diagram! {
    pub Classifier(channels: usize = 4) {
        dyn batch;

        data Image: [batch, channels, SIDE, SIDE];
        data Label: Int[batch];
        Pixels: [batch, 64 * channels];
        Logits: [batch, 10];

        Image --read--> Pixels --head--> Logits;
        read = flatten;
        head = linear;

        read >> head ~ Label by cross_entropy;
    }
}

fn main() {}
