//! A function as a loss that returns what is no tensor.

use diagrammatic::prelude::*;

mod losses {
    use diagrammatic::prelude::*;

    pub(super) fn cross(one: Tensor<2>, other: Tensor<2>) -> f64 {
        (one - other).sum().into_scalar::<f32>().into()
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
