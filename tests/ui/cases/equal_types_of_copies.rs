use diagrammatic::diagram;

diagram! {
    pub Classifier(depth: usize = 2) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --student--> Logits;
        student = linear(64) >> repeat(depth, linear(64) >> relu) >> linear;

        Image --student_repeat_1--> Logits;
        student_repeat_1 = linear;

        student ~ Label by cross_entropy;
        student_repeat_1 ~ Label by cross_entropy;
    }
}

fn main() {}
