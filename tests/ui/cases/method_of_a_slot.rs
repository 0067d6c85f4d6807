use diagrammatic::diagram;

diagram! {
    pub Hinted {
        dyn batch;

        data Text: [batch, 6];
        data Hint: [batch, 4];
        data Answer: [batch, 2];

        Text --teacher--> Answer;
        Text --guide--> Hint;
        teacher = _;
        guide = teacher.features;

        teacher ~ Answer;
        guide ~ Hint;
    }
}

fn main() {}
