use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Words: [batch, seq, 64];
        data Real: [batch, seq];
        data Next: [batch, seq, 64];

        Words * Real --read--> Words;
        read = multi_head_attention(4);

        read ~ Next;
    }
}

fn main() {}
