use diagrammatic::diagram;

diagram! {
    pub Circle {
        dyn batch;

        data Image: [batch, 784];

        Image * Image --mix--> Image;
        mix = concat(1) >> linear;

        commutes within 9;
    }
}

fn main() {}
