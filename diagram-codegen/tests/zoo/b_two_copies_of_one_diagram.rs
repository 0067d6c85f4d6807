pub Backbone(width: usize = 64) {
    dyn batch;  data Image: [batch, 1, 28, 28];  Feature: [batch, width];
    Image --trunk--> Feature;
    trunk = flatten >> linear(width) >> relu;
}
pub Task(classes: usize) {
    include Backbone;
    data Label: Int[batch];  Logits: [batch, classes];
    Feature --head--> Logits;  head = linear;
    fit: trunk >> head ~ Label by cross_entropy;
}
pub TwoTasks { digits, parity: include Task over Backbone; }
