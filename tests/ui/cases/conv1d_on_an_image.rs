use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Signal: [batch, 1, 8, 8];
        data Label: Int[batch];
        Logits: [batch, 10];

        Signal --model--> Logits;
        model = conv1d(8, kernel = 3) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
