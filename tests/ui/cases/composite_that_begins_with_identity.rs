use diagrammatic::prelude::*;

diagram! {
    pub Siamese {
        dyn batch;

        data Image: [batch, 64];
        data Other: Code;
        Code: [batch, 8];

        Image --embed--> Code;
        Code * Code --join--> Code;

        embed = linear;
        join = add;
        pair = identity * embed >> join;

        join(embed, Other) ~ Other;
    }
}

fn main() {}
