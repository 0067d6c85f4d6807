use diagrammatic::diagram;

const CHANNELS: usize = 6;
const PARTS: usize = 4;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, CHANNELS, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = group_norm(PARTS) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
