use diagrammatic::diagram;

diagram! {
    pub Ensemble {
        dyn batch;

        data Image: [batch, 784];
        Code: [batch, 16] by cosine;

        Image --a--> Code;
        Image --b--> Code;
        Image --c--> Code;
        Code --back--> Image;
        a = linear;
        b = linear;
        c = linear;
        back = linear;

        commutes within 3;
    }
}

fn main() {}
