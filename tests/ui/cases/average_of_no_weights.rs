use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code --squash--> Code <--slow_squash-- Code;

        online = linear;
        squash = tanh;
        slow_squash = ema(squash, decay = 0.99);

        online >> squash ~ online >> slow_squash;
    }
}

fn main() {}
