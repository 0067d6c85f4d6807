use diagrammatic::diagram;

diagram! {
    pub Tagger {
        dyn batch, seq;

        data Words: [batch, seq, 16];
        data Tag: Int[batch, seq];
        data Real: Bool[batch, seq];
        data Kept: Bool[seq];
        data Trust: [batch];
        data First, Second: Point;
        Point: [batch, 8];
        Logits: [batch, seq, 5];
        Code: [batch, 4];

        Words --tag--> Logits;
        Point --embed--> Code;
        tag = linear;
        embed = linear;

        tag ~ Tag by cross_entropy;
        embed(First) ~ embed(Second) by info_nce mask Kept;
    }
}

fn main() {}
