//! `again` takes morphisms of the diagram, and one chain of them.

use diagrammatic::diagram;

diagram! {
    pub Classifier {
        dyn batch;

        data Image: [batch, 784];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Image --twin--> Logits;
        model = linear;
        twin = again(model) >> relu;
        both = again(model, model);

        fit: model ~ Label by cross_entropy;
        same: twin ~ model >> again(model);
    }
}

fn main() {}
