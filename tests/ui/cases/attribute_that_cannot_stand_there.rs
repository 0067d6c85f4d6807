use diagrammatic::diagram;

diagram! {
    #[derive(PartialEq)]
    pub Classifier(#[serde(default)] hidden: usize = 64) {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        #[inline]
        Image --model--> Logits;
        model = linear(hidden) >> relu >> linear;

        #[cfg(feature = "labels")]
        model ~ Label by cross_entropy;
    }
}

diagram! {
    // What is not there has no errors.
    #[cfg(any())]
    pub Absent {
        data Image: [batch, 784];
    }
}

fn main() {}
