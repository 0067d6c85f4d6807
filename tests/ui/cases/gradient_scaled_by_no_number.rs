//! What a gradient can be multiplied by: a number, a constant, or a hyper-parameter of type `f64`.

use diagrammatic::diagram;

const HALF: f64 = 0.5;

diagram! {
    pub Classifier(hidden: usize = 8, strength: f64 = 0.5) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(hidden) >> relu >> linear;

        one: reverse(model, hidden) ~ Label by cross_entropy;
        two: reverse(model, strenght) ~ Label by cross_entropy;
        three: scale(model, -strength) ~ Label by cross_entropy;
        four: scale(model, HALF) ~ Label by cross_entropy;
        five: scale(model, learned(0.0)) ~ Label by cross_entropy;
        six: Image >> scale(model, strength) ~ Label by cross_entropy;
        seven: scale(model, 1e999) ~ Label by cross_entropy;
    }
}

fn main() {}
