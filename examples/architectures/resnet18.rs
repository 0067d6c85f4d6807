use diagrammatic::prelude::*;

diagram! {
    /// ResNet-18 (He 2016, [arXiv 1512.03385](https://arxiv.org/abs/1512.03385), table 1), for squares of
    /// any multiple of 32.
    pub ResNet18(classes: usize = 1000) {
        dyn batch, side;
        where side % 32 == 0;

        data Image: [batch, 3, side, side];
        data Label: Int[batch];
        Quarter: [batch, 64, side / 4, side / 4];
        Eighth: [batch, 128, side / 8, side / 8];
        Sixteenth: [batch, 256, side / 16, side / 16];
        Last: [batch, 512, side / 32, side / 32];
        Logits: [batch, classes];

        Image --stem--> Quarter --first--> Quarter;
        Quarter --second--> Eighth --third--> Sixteenth --fourth--> Last --name--> Logits;

        stem = conv2d(64, kernel = 7, stride = 2, padding = 3, bias = false) >> batch_norm >> relu
            >> max_pool2d(3, stride = 2, padding = 1);
        first = repeat(2, residual(
                conv2d(64, kernel = 3, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(64, kernel = 3, padding = 1, bias = false) >> batch_norm
            ) >> relu);
        second = (
                conv2d(128, kernel = 3, stride = 2, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(128, kernel = 3, padding = 1, bias = false) >> batch_norm,
                conv2d(128, kernel = 1, stride = 2, bias = false) >> batch_norm
            ) >> add >> relu
            >> residual(
                conv2d(128, kernel = 3, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(128, kernel = 3, padding = 1, bias = false) >> batch_norm
            ) >> relu;
        third = (
                conv2d(256, kernel = 3, stride = 2, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(256, kernel = 3, padding = 1, bias = false) >> batch_norm,
                conv2d(256, kernel = 1, stride = 2, bias = false) >> batch_norm
            ) >> add >> relu
            >> residual(
                conv2d(256, kernel = 3, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(256, kernel = 3, padding = 1, bias = false) >> batch_norm
            ) >> relu;
        fourth = (
                conv2d(512, kernel = 3, stride = 2, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(512, kernel = 3, padding = 1, bias = false) >> batch_norm,
                conv2d(512, kernel = 1, stride = 2, bias = false) >> batch_norm
            ) >> add >> relu
            >> residual(
                conv2d(512, kernel = 3, padding = 1, bias = false) >> batch_norm >> relu
                    >> conv2d(512, kernel = 3, padding = 1, bias = false) >> batch_norm
            ) >> relu;
        name = adaptive_avg_pool2d(1) >> flatten >> linear;
        model = stem >> first >> second >> third >> fourth >> name;

        fit: model ~ Label by cross_entropy;
        watch accuracy: model ~ Label by accuracy;
    }
}
