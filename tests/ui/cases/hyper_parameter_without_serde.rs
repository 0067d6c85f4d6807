use diagrammatic::diagram;

#[derive(Clone, Debug)]
pub enum Mode {
    Fast,
}

diagram! {
    pub Moody(mode: Mode = Mode::Fast) {
        dyn batch;

        data Image: [batch, 4];
        Image --model--> Image;
        model = linear;

        model ~ Image;
    }
}

fn main() {}
