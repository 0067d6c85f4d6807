use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;

        online = linear;
        target = ema(target, decay = 0.99);

        online ~ target;
    }
}

fn main() {}
