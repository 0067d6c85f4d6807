pub Dann(lambda: f64 = 1.0) {
    dyn batch, other;
    Image: [batch, 3, 32, 32];  Feature: [batch, 128];  Logits: [batch, 10];  Domain: [batch, 1];
    data Source: Image;  data Label: Int[batch];  data Target: Image[batch = other];
    Image --features--> Feature --classify--> Logits;  Feature --tell--> Domain;
    features = conv2d(32, kernel = 5) >> relu >> max_pool2d(2)             // [batch, 32, 14, 14]
        >> conv2d(48, kernel = 5) >> relu >> max_pool2d(2)                 // [batch, 48, 5, 5]
        >> flatten >> linear(128) >> relu;                                 // from 1200
    classify = linear;  tell = linear(64) >> relu >> linear;
    class: features(Source) >> classify ~ Label by cross_entropy;
    here:  reverse(features(Source), lambda) >> tell ~ 0 by binary_cross_entropy(logits = true);
    there: reverse(features(Target), lambda) >> tell ~ 1 by binary_cross_entropy(logits = true);
}
