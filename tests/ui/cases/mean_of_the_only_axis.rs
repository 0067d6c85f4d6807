use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch;

        data Input: [batch];
        data Output: [batch];

        Input --read--> Output;
        read = mean(batch);

        read ~ Output;
    }
}

fn main() {}
