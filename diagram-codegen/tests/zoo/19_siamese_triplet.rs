pub Siamese(margin: f64 = 0.2) {
    dyn batch;  Photo: [batch, 3, 64, 64];  Code: [batch, 128];  data Anchor, Positive, Negative: Photo;
    Photo --embed--> Code;
    embed = conv2d(32, kernel = 3, stride = 2, padding = 1) >> relu        // [batch, 32, 32, 32]
        >> conv2d(64, kernel = 3, stride = 2, padding = 1) >> relu         // [batch, 64, 16, 16]
        >> flatten >> linear(128) >> normalize(1);                         // from 16384
    rank: minimize (embed(Anchor), embed(Positive), embed(Negative)) by triplet(margin);
}
