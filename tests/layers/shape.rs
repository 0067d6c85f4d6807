//! Shape operations: what the function of Burn's that we generate does.

use crate::harness::{Case, extents, layers, zeros};

layers! {
    /// At ranks 1 to 4; a shape without an axis to flatten is refused.
    fn flatten(input in extents(1, 4, 6)) {
        let shape = input.clone();
        Case::new("flatten", &input, move || match shape.len() {
            1 => zeros::<1>(&shape).flatten::<2>(1, 0).dims().to_vec(),
            2 => zeros::<2>(&shape).flatten::<2>(1, 1).dims().to_vec(),
            3 => zeros::<3>(&shape).flatten::<2>(1, 2).dims().to_vec(),
            _ => zeros::<4>(&shape).flatten::<2>(1, 3).dims().to_vec(),
        })
    }
}
