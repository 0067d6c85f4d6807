pub Adversaries {
    dyn batch;  data Noise: [batch, 64];  data Image: [batch, 1, 28, 28];  Score: [batch];
    Noise --make--> Image --judge--> Score;
    make  = linear(256) >> relu >> linear(784) >> tanh >> reshape[batch, 1, 28, 28];
    judge = flatten >> linear(256) >> leaky_relu >> linear(1) >> squeeze(1);
}
pub Gan {
    include Adversaries;
    real: judge         ~ 1 by binary_cross_entropy(logits = true);
    fake: make >> judge ~ 0 by binary_cross_entropy(logits = true);
    fool: make >> judge ~ 1 by binary_cross_entropy(logits = true);
    objective critic trains judge minimizes real + fake;
    objective maker  trains make  minimizes fool;
}
pub Wgan {
    include Adversaries;
    truth: minimize judge;
    spot:  minimize make >> judge;
    objective critic trains judge minimizes spot - truth;
    objective maker  trains make  minimizes -spot every 5;
}
