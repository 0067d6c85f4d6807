use diagrammatic::diagram;

diagram! {
    pub Byol {
        dyn batch;

        data Image: [batch, 8];
        View: [batch, 8];
        Code: [batch, 4];

        Image --see--> View --online--> Code;
        Image --target--> Code;

        see = linear;
        online = linear;
        target = ema(online, decay = 0.99);

        see >> online ~ target;
    }
}

fn main() {}
