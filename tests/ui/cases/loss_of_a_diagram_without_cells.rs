use diagrammatic::prelude::*;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        model = linear(64) >> relu >> linear;
    }
}

fn loss(model: &Classifier, batch: ClassifierBatch) {
    model.loss(batch);
}

fn main() {}
