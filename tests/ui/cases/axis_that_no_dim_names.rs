use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, seq;

        data Input: [batch, seq, 8];
        data Output: [batch, 8];

        Input --read--> Output;
        read = mean(sequence) >> layer_norm >> linear;

        read ~ Output;
    }
}

fn main() {}
