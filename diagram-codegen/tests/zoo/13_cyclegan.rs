pub CycleGan {
    dyn batch;  data X: [batch, 3, 256, 256];  data Y: [batch, 3, 256, 256];  Score: [batch, 1, 30, 30];
    X --forth--> Y --back--> X;
    X --judge_x--> Score <--judge_y-- Y;
    forth   = Generator: GeneratorConfig::new();   back    = Generator: GeneratorConfig::new();
    judge_x = PatchJudge: PatchJudgeConfig::new(); judge_y = PatchJudge: PatchJudgeConfig::new();
    cycle_x: forth >> back ~ X by l1 weight 10.0;  cycle_y: back >> forth ~ Y by l1 weight 10.0;
    fool_x:  back  >> judge_x ~ 1.0;               fool_y:  forth >> judge_y ~ 1.0;
    fake_x:  back  >> judge_x ~ 0.0;               fake_y:  forth >> judge_y ~ 0.0;
    real_x:  judge_x ~ 1.0;                        real_y:  judge_y ~ 1.0;
    objective makers trains forth, back minimizes cycle_x + cycle_y + fool_x + fool_y;
    objective judges trains judge_x, judge_y minimizes real_x + fake_x + real_y + fake_y;
}
