use diagrammatic::diagram;

diagram! {
    pub Drop {
        dyn batch;

        data Image: [batch, 64];

        Image --drop--> ();
        drop = linear;
    }
}

fn main() {}
