use diagrammatic::diagram;

diagram! {
    pub Flattening {
        dyn batch, side;

        data Image: [batch, 1, side, side];
        data Flat: [batch, side * side];

        Image --model--> Flat;
        model = conv2d(4, kernel = 2, stride = 2) >> flatten;

        model ~ Flat;
    }
}

fn main() {}
