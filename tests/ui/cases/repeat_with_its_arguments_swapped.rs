use diagrammatic::diagram;

diagram! {
    pub Classifier(depth: usize = 2) {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = repeat(relu, 2) >> repeat(relu) >> repeat(2) >> repeat(n = 2, relu) >> linear;

        model ~ Label by cross_entropy;
    }
}

fn main() {}
