use diagrammatic::diagram;

diagram! {
    pub Regrouping(a: usize, b: usize, c: usize) {
        dyn batch;

        data Pairs: [batch, a, b];
        data Groups: [batch, 4, c];

        Pairs --regroup--> Groups;
        regroup = reshape[batch, 4, c] >> linear;

        regroup ~ Groups;
    }
}

fn main() {}
