use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Image --slow--> Code <--slower-- Image;
        Image --slowest--> Code;

        online = linear;
        target = ema(linear, decay = 0.99);
        slow = ema(frozen online, decay = 0.99);
        slower = ema(Image, decay = 0.99);
        slowest = ema(0.99);

        online ~ target;
    }
}

fn main() {}
