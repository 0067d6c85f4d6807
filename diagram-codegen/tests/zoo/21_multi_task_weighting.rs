pub Weighted {
    dyn batch;  data Image: [batch, 3, 64, 64];  data Depth: [batch, 1, 64, 64];
    data Label: Int[batch, 64, 64];  Feature: [batch, 32, 64, 64];  Scores: [batch, 8, 64, 64];
    Image --trunk--> Feature --measure--> Depth;  Feature --segment--> Scores;
    trunk   = conv2d(32, kernel = 3, padding = 1) >> relu
        >> residual(conv2d(32, kernel = 3, padding = 1) >> relu);
    measure = conv2d(1, kernel = 1);  segment = conv2d(8, kernel = 1);
    depth: trunk >> measure ~ Depth by l1                      weight learned;
    class: trunk >> segment ~ Label by cross_entropy(axis = 1) weight learned;
}
