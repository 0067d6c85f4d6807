pub Classifier<const CLASSES: usize>(rate: f64 = 0.1) {
    dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];  Feature: [batch, 256];
    Logits: [batch, CLASSES] by cross_entropy;
    Image --trunk--> Feature --head--> Logits;
    trunk = _;  head = dropout(rate) >> linear;  model = trunk >> head;
    fit: model ~ Label;
    watch accuracy: model ~ Label by accuracy;  watch top: model ~ Label by top_k(5);
}
