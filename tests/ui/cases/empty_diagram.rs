use diagrammatic::diagram;

diagram! {
    pub Classifier {

    }
}

fn main() {}
