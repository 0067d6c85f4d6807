use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Signal: [batch, 1, 2, 2];
        data Label: Int[batch];
        Logits: [batch, 10];

        Signal --model--> Logits;
        model = conv_transpose2d(8, kernel = 2, padding = 2) >> flatten >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
