use diagrammatic::prelude::*;
use diagrammatic_ui_tests::Halving;

diagram! {
    pub Shrinking(channels: usize = 3) {
        dyn batch, side;
        where side % 4 == 0;

        data Large: [batch, channels, side, side];
        Small: [batch, channels, side / 2, side / 4];

        Large --shrink--> Small;
        Large --halve--> Small;

        shrink = conv2d(kernel = [2, 4], stride = [2, 4]);
        halve = Halving;

        shrink ~ halve;
    }
}

fn main() {}
