use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Code: [batch, 64];
        Logits: [batch, 10];

        Image --encoder--> Code --head--> Logits;

        encoder = lora(linear, rank = 8);
        head = frozen lora(linear, rank = 8);
        frozen encoder;

        encoder >> head ~ Label by cross_entropy;
    }
}

fn main() {}
