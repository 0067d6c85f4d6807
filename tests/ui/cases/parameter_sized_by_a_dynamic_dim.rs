use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch, side;

        data Image: [batch, side, side];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = flatten >> linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
