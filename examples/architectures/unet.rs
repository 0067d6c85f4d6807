use diagrammatic::prelude::*;

diagram! {
    /// U-Net (Ronneberger 2015, [arXiv 1505.04597](https://arxiv.org/abs/1505.04597), figure 1), with padded
    /// convolutions, so that the mask is as large as the image, for squares of any multiple of 16.
    pub UNet(classes: usize = 2) {
        dyn batch, side;
        where side % 16 == 0;

        data Image: [batch, 1, side, side];
        data Mask: Int[batch, side, side];
        One: [batch, 64, side, side];
        Two: [batch, 128, side / 2, side / 2];
        Three: [batch, 256, side / 4, side / 4];
        Four: [batch, 512, side / 8, side / 8];
        Five: [batch, 1024, side / 16, side / 16];
        Logits: [batch, classes, side, side];

        Image --one--> One --two--> Two --three--> Three --four--> Four --five--> Five;
        Five * Four --to_four--> Four;
        Four * Three --to_three--> Three;
        Three * Two --to_two--> Two;
        Two * One --to_one--> One --name--> Logits;

        one = repeat(2, conv2d(64, kernel = 3, padding = 1) >> relu);
        two = max_pool2d(2) >> repeat(2, conv2d(128, kernel = 3, padding = 1) >> relu);
        three = max_pool2d(2) >> repeat(2, conv2d(256, kernel = 3, padding = 1) >> relu);
        four = max_pool2d(2) >> repeat(2, conv2d(512, kernel = 3, padding = 1) >> relu);
        five = max_pool2d(2) >> repeat(2, conv2d(1024, kernel = 3, padding = 1) >> relu);
        to_four = conv_transpose2d(512, kernel = 2, stride = 2) * identity >> concat(1)
            >> repeat(2, conv2d(512, kernel = 3, padding = 1) >> relu);
        to_three = conv_transpose2d(256, kernel = 2, stride = 2) * identity >> concat(1)
            >> repeat(2, conv2d(256, kernel = 3, padding = 1) >> relu);
        to_two = conv_transpose2d(128, kernel = 2, stride = 2) * identity >> concat(1)
            >> repeat(2, conv2d(128, kernel = 3, padding = 1) >> relu);
        to_one = conv_transpose2d(64, kernel = 2, stride = 2) * identity >> concat(1)
            >> repeat(2, conv2d(64, kernel = 3, padding = 1) >> relu);
        name = conv2d(kernel = 1);
        model = one >> (two >> (three >> (four >> (five, identity) >> to_four, identity) >> to_three, identity)
            >> to_two, identity) >> to_one >> name;

        fit: model ~ Mask by cross_entropy(axis = 1);

    }
}
