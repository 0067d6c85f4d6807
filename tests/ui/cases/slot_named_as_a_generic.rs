use diagrammatic::diagram;

diagram! {
    pub Classifier<Trunk> {
        dyn batch;

        data Image: [batch, 64];
        Feature: [batch, 16];
        data Wanted: [batch, 10];

        Image --trunk--> Feature --head--> Wanted;
        trunk = _;
        head = Trunk;

        trunk >> head ~ Wanted;
    }
}

fn main() {}
