use diagrammatic::prelude::*;

diagram! {
    /// `AlexNet`, in its form of one column (Krizhevsky 2014, [arXiv 1404.5997](https://arxiv.org/abs/1404.5997)),
    /// for squares of any size that its windows fit.
    pub AlexNet(classes: usize = 1000, rate: f64 = 0.5) {
        dyn batch, side;
        where side >= 63;

        data Image: [batch, 3, side, side];
        data Label: Int[batch];
        Feature: [batch, 256, 6, 6];
        Logits: [batch, classes];

        Image --see--> Feature --name--> Logits;

        see = conv2d(64, kernel = 11, stride = 4, padding = 2) >> relu >> max_pool2d(3, stride = 2)
            >> conv2d(192, kernel = 5, padding = 2) >> relu >> max_pool2d(3, stride = 2)
            >> conv2d(384, kernel = 3, padding = 1) >> relu
            >> conv2d(256, kernel = 3, padding = 1) >> relu
            >> conv2d(256, kernel = 3, padding = 1) >> relu >> max_pool2d(3, stride = 2)
            >> adaptive_avg_pool2d(6);
        name = flatten
            >> dropout(rate) >> linear(4096) >> relu
            >> dropout(rate) >> linear(4096) >> relu
            >> linear;
        model = see >> name;

        fit: model ~ Label by cross_entropy;
        watch accuracy: model ~ Label by accuracy;
    }
}
