use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Words: [batch, seq, 64];
        data Image: [batch, 49, 64];
        data Hidden: Bool[batch, seq];
        data Next: [batch, seq, 64];

        Words * Image * Hidden --write--> Words;
        write = transformer_decoder(256, 4, 2, causal = true);

        write ~ Next;
    }
}

fn main() {}
