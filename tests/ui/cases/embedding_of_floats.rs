use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Input: [batch, seq];
        data Output: [batch, seq, 8];

        Input --read--> Output;
        read = embedding(100);

        read ~ Output;
    }
}

fn main() {}
