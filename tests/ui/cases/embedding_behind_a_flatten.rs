use diagrammatic::diagram;

diagram! {
    pub Reader {
        dyn batch, len;

        Page: [batch, 3, len];
        data Left: Page;
        data Right: Page;
        Vectors: [batch, 3 * len, 8];
        data Goal: Vectors;

        Page --read--> Vectors;
        read = flatten >> embedding(100);

        read(Left) ~ Goal;
        read(Right) ~ Goal;
    }
}

fn main() {}
