use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Hidden: [batch, 64];
        Logits: [batch, 10];

        Image --readX--> Hidden --read_x--> Logits;
        readX = linear;
        read_x = linear;

        readX >> read_x ~ Label by cross_entropy;
    }
}

fn main() {
    let device = diagrammatic::burn::tensor::Device::default();
    let model = ClassifierConfig::new().init(&device);
    let _ = (&model.readX, &model.read_x);
}
