use diagrammatic::diagram;

diagram! {
    pub Autoencoder {
        dyn batch;

        data Image: [batch, 784];
        Mean: [batch, 16];
        LogVar: [batch, 16];

        Image --encode--> Mean * LogVar;
        Mean --decode--> Image;
        encode = linear(64) >> relu >> (linear, linear);
        decode = linear;

        encode >> decode ~ Image;
    }
}

fn main() {}
