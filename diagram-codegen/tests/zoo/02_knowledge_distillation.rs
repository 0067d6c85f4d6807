pub Distillation(hidden: usize = 32, temperature: f64 = 4.0) {
    dyn batch;  data Image: [batch, 1, 8, 8];  data Label: Int[batch];  Logits: [batch, 10];
    Image --teacher--> Logits <--student-- Image;
    teacher = frozen Teacher;
    student = flatten >> linear(hidden) >> relu >> linear;                 // 64, hidden, 10
    soft: student ~ teacher by kl(temperature) weight 0.7;
    hard: student ~ Label   by cross_entropy   weight 0.3;
    watch accuracy: student ~ Label by accuracy;
}
