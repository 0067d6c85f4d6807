use diagrammatic::diagram;

diagram! {
    pub Views {
        dyn batch;

        Image: [batch, 6] by accuracy;
        data Left: Image by l1;
        Logits: [batch, 3] by ms;

        Image --model--> Logits;
        model = linear;

        model(Left) ~ model(Left);
    }
}

fn main() {}
