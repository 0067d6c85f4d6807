use diagrammatic::diagram;

const HALF: f32 = 0.5;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear;

        fit: scale(model, HALF) ~ Label by cross_entropy;
    }
}

fn main() {}
