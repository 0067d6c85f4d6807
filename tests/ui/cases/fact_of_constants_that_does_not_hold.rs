use diagrammatic::diagram;

const WIDTH: usize = 30;
const HEADS: usize = 4;

diagram! {
    pub Classifier {
        dyn batch;
        where WIDTH % HEADS == 0;

        data Image: [batch, 784];
        data Code: [batch, WIDTH];

        Image --model--> Code;
        model = linear(HEADS * (WIDTH / HEADS));

        model ~ Code;
    }
}

fn main() {}
