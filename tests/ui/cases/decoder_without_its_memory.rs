use diagrammatic::diagram;

diagram! {
    pub Translator {
        dyn batch, len;

        data Target: [batch, len, 64];
        data Memory: [batch, len, 64];

        Target --decode--> Target;
        decode = transformer_decoder(d_ff = 128, n_heads = 4, n_layers = 2);

        decode ~ Memory;
    }
}

fn main() {}
