use diagrammatic::diagram;

diagram! {
    pub Prototypes {
        dyn queries, ways;

        data Query: [queries, 4];
        Code: [queries, 4];
        data Class: [ways, 4];

        Query --embed--> Code;
        Code[queries = 2 * ways] --means--> Class;
        embed = linear;
        means = Means;

        embed >> means ~ Class;
    }
}

fn main() {}
