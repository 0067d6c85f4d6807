use diagrammatic::diagram;

diagram! {
    pub Segmentation {
        dyn batch;

        data Image: [batch, 3, 32, 32];
        data Mask: Int[batch, 32, 32];
        Logits: [batch, 5, 32, 32];

        Image --model--> Logits;
        model = conv2d(kernel = 3, padding = 1);

        model ~ Mask by cross_entropy;
    }
}

fn main() {}
