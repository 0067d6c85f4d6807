//! A function as a loss, without its last argument.

use diagrammatic::prelude::*;

mod losses {
    use diagrammatic::prelude::*;

    pub(super) fn cross(one: Tensor<2>, other: Tensor<2>, lambda: f64) -> Tensor<1> {
        ((one - other) * lambda).sum_dim(1).squeeze_dim::<1>(1)
    }
}

diagram! {
    Encoder(strength: f64 = 2.0, often: usize = 3) {
        dyn batch;
        data Image: [batch, 8];
        data Label: Int[batch];
        Code: [batch, 4];
        Image --encode--> Code;
        Image --other--> Code;
        encode = linear;
        other = linear;
        fit: encode ~ other by losses::cross;
    }
}

fn main() {}
