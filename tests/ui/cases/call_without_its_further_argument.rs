use diagrammatic::diagram;

diagram! {
    pub Answering {
        dyn batch;

        data Image: [batch, 64];
        data Question: [batch, 32];
        data Answer: [batch, 10];

        Image --see--> Image;
        Image * Question --answer--> Answer;
        see = linear;
        answer = concat(1) >> linear;

        answer(Image) ~ Answer;
        see >> answer ~ Answer;
    }
}

fn main() {}
