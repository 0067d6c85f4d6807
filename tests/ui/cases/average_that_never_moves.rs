#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code --predict--> Code;
        Image --target--> Code;

        online = frozen linear;
        predict = linear;
        target = ema(online, decay = 0.99);

        online >> predict ~ target;
    }
}

fn main() {}
