use diagrammatic::diagram;

diagram! {
    pub Views(width: usize = 6) {
        dyn batch, many;

        Image: [batch, width];
        data Labelled: Image;
        data Weak: Image[bacth = many];
        data Strong: Image[width = many];
        data Other: Image[batch = mnay];
        data Twice: Image[batch = many, batch = 2 * many];
        data Half: Image[2 * batch = many];

        Image --turn--> Image;
        turn = linear;

        turn(Labelled) ~ Labelled;
    }
}

fn main() {}
