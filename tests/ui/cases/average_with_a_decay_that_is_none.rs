use diagrammatic::diagram;

const SLOW: f64 = 1.5;

diagram! {
    pub Byol(tau: f64 = 0.99) {
        dyn batch;

        data Image: [batch, 8];
        Code: [batch, 4];

        Image --online--> Code <--target-- Image;
        Image --slow--> Code <--slower-- Image;
        Image --third--> Code <--fourth-- Image;
        Image --fifth--> Code <--sixth-- Image;

        online = linear;
        target = ema(online, decay = 1.01);
        slow = ema(online, decay = -0.5);
        slower = ema(online, 0.99);
        third = ema(online, decay = learned(0.5));
        fourth = ema(online, tau, momentum = 0.9);
        fifth = ema(online, decay);
        sixth = ema(online, decay = taw);

        online ~ target;
    }
}

fn main() {}
