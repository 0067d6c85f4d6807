use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch;

        data Input: [batch, 8, 4];
        data Output: [batch, 2];

        Input --read--> Output;
        read = group_norm(3) >> flatten >> linear;

        read ~ Output;
    }
}

fn main() {}
