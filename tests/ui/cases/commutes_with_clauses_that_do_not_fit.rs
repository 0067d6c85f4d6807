use diagrammatic::diagram;

diagram! {
    pub TwoEncoders {
        dyn batch;

        data Image: [batch, 784];
        data Sound: [batch, 128];
        Code: [batch, 16];

        Image --see--> Code <--hear-- Sound;
        Code --decode--> Image;
        see = linear;
        hear = linear;
        decode = linear;

        commutes by accuracy weight -0.5 mask Sound;
    }
}

fn main() {}
