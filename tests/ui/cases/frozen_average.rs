use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Image --slow--> Code;

        online = linear;
        target = ema(online, decay = 0.99);
        slow = frozen ema(online, decay = 0.9);
        frozen target;

        online ~ target;
        online ~ slow;
    }
}

fn main() {}
