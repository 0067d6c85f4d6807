use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch;

        data Input: [batch, 64];
        data Output: [batch, 10];

        Input --read--> Output;
        read = reshape[batch, 8, 9] >> flatten >> linear;

        read ~ Output;
    }
}

fn main() {}
