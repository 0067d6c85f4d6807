use diagrammatic::prelude::*;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;

        model ~ Label by cross_entropy;
    }
}

fn logits(model: &Classifier, image: Tensor<4>) -> Tensor<2> {
    model.model(image)
}

fn main() {}
