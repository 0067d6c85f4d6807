use diagrammatic::diagram;

const SLOW: f64 = 1.5;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;

        online = linear;
        target = ema(online, decay = SLOW);

        online ~ target;
    }
}

fn main() {}
