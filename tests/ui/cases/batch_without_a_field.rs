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

fn batch(device: &Device) -> ClassifierBatch {
    ClassifierBatch {
        image: Tensor::zeros([4, 784], device),
    }
}

fn main() {}
