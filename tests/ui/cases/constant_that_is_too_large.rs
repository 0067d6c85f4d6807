use diagrammatic::diagram;

const WIDTH: usize = usize::MAX;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(2 * WIDTH) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
