pub Hints(temperature: f64 = 4.0) {
    dyn batch;  data Image: [batch, 3, 32, 32];  data Label: Int[batch];
    Thin: [batch, 32, 16, 16];  Wide: [batch, 128, 16, 16];  Logits: [batch, 10];
    Image --hint--> Thin --rest--> Logits <--teacher-- Image;
    Thin --regress--> Wide <--guide-- Image;
    teacher = frozen Teacher;
    guide   = teacher.features;                                            // same module, same weights
    hint    = conv2d(32, kernel = 3, padding = 1) >> batch_norm >> relu >> max_pool2d(2);
    rest    = conv2d(64, kernel = 3, padding = 1) >> relu >> max_pool2d(2) // [batch, 64, 8, 8]
        >> flatten >> linear;                                              // from 4096
    regress = conv2d(128, kernel = 1);
    hints: hint >> regress ~ guide weight 0.5;
    soft:  hint >> rest ~ teacher by kl(temperature);
    hard:  hint >> rest ~ Label by cross_entropy;
}
