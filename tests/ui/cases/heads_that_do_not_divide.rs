use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Words: [batch, seq, 64];
        data Next: [batch, seq, 64];

        Words --read--> Words;
        read = transformer_encoder(256, 6, 2);

        read ~ Next;
    }
}

fn main() {}
