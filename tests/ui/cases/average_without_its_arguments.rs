use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Image --slow--> Code;

        online = linear;
        target = ema(decay = 0.99);
        slow = ema(online);

        online ~ target;
        online ~ slow;
    }
}

fn main() {}
