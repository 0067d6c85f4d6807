#![deny(deprecated)]

use diagrammatic::diagram;

diagram! {
    pub Forecast {
        dyn batch;

        data Past: [batch, 8];
        data Next: [batch, 2];
        Mean: [batch, 2];
        Spread: [batch, 2];

        Past --mean--> Mean;
        Past --spread--> Spread;
        mean = linear;
        spread = linear(16) >> tanh >> linear;

        minimize (mean, Next, spread) by gaussian_nll;
    }
}

fn main() {}
