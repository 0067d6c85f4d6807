use diagrammatic::diagram;

mod sizes {
    pub const SIDE: usize = 4;
    pub const KERNEL: usize = 5;
}

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 1, sizes::SIDE, sizes::SIDE];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = conv2d(8, kernel = sizes::KERNEL) >> relu >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
