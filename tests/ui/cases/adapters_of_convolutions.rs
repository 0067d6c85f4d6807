use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 3, 32, 32];
        data Code: [batch, 8, 30, 30];

        Image --encoder--> Code;

        encoder = lora(conv2d(8, kernel = 3) >> batch_norm >> prelu, rank = 8);

        encoder ~ Code;
    }
}

fn main() {}
