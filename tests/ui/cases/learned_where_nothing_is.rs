//! A learned scalar where none can stand, or that starts at none.

use diagrammatic::prelude::*;

diagram! {
    pub Reader(hidden: usize = 8) {
        dyn batch;

        data Image: [batch, 64];
        data Label: Int[batch];
        Logits: [batch, 10];

        Image --model--> Logits;
        Image --other--> Logits;
        model = linear(hidden) >> dropout(0.5) >> linear;
        other = linear(hidden) >> dropout(learned(0.5)) >> linear;

        smooth: model ~ Label by cross_entropy(smoothing = learned(0.1));
        cold: model ~ stop(model) by kl(temperature = learned(0.0));
        weighed: model ~ Label by cross_entropy weight learned(-1.0);
        watch far: again(model) ~ model by kl(temperature = learned(2.0));
    }
}

fn main() {}
