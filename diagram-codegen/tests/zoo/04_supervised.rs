pub Supervised {
    dyn batch;  data Image: [batch, 1, 28, 28];  data Label: Int[batch];  Logits: [batch, 10];
    Image --model--> Logits;
    model = flatten >> linear(128) >> relu >> linear;
    fit: model ~ Label by cross_entropy;
    watch accuracy: model ~ Label by accuracy;
}
