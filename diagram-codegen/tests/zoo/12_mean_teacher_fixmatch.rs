pub MeanTeacher(ramp: f64 = 1.0) {
    dyn batch, many;  Image: [batch, 3, 32, 32];  Logits: [batch, 10];  Chances: [batch, 10];
    data Labelled: Image;  data Label: Int[batch];  data Plain: Image[batch = many];
    Image --jitter--> Image <--shake-- Image;
    Image --student--> Logits <--teacher-- Image;  Logits --chances--> Chances;
    jitter  = fn augment;  shake = fn augment;  chances = softmax(1);
    student = WideResnet: WideResnetConfig::new(10);  teacher = ema(student, decay = 0.99);
    known:  student(jitter(Labelled)) ~ Label by cross_entropy;
    steady: student(jitter(Plain)) >> chances ~ teacher(shake(Plain)) >> chances weight ramp;
}
pub FixMatch(tau: f64 = 0.95) {
    dyn batch, many;
    Image: [batch, 3, 32, 32];  Logits: [batch, 10];  Class: Int[batch];  Sure: [batch];
    data Labelled: Image;  data Label: Class;  data Weak, Strong: Image[batch = many];
    Image --model--> Logits --guess--> Class;  Logits --sure--> Sure;
    model = WideResnet: WideResnetConfig::new(10);
    guess = |logits| logits.argmax(1).squeeze_dim(1);
    sure  = |logits| softmax(logits, 1).max_dim(1).squeeze_dim(1).greater_equal_elem(tau).float();
    known:   model(Labelled) ~ Label                  by cross_entropy;
    guessed: model(Strong)   ~ model(Weak) >> guess   by cross_entropy weight model(Weak) >> sure;
}
