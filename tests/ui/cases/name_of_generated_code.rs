use diagrammatic::diagram;

diagram! {
    pub Classifier(__hidden: usize = 64) {
        dyn __batch;

        data Image: [__batch, 784];
        data __Label: Int[__batch];
        Logits: [__batch, 10];

        Image --__check--> Logits;
        __check = linear(__hidden) >> relu >> linear;

        __unnamed: __check ~ __Label by cross_entropy;
        __check ~ __Label by focal;
    }
}

fn main() {}
