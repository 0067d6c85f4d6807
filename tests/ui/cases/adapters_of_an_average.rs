use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;

        online = linear;
        target = lora(ema(online, decay = 0.99), rank = 2);

        online ~ target;
    }
}

fn main() {}
