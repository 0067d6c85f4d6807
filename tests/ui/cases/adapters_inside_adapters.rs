use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;

        model = lora(lora(linear, rank = 8), rank = 4);

        model ~ Label by cross_entropy;
    }
}

fn main() {}
