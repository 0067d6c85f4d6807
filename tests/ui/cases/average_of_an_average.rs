use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Image --slower--> Code;

        online = linear;
        slower = ema(target, decay = 0.999);
        target = ema(online, decay = 0.99);

        online ~ target;
        online ~ slower;
    }
}

fn main() {}
