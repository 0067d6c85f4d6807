#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Counts {
        dyn batch;

        data Street: [batch, 8];
        data Count: Int[batch, 2];
        Rate: [batch, 2];

        Street --rate--> Rate;
        rate = linear;

        rate ~ Count by poisson_nll(log_input = false);
    }
}

fn main() {}
