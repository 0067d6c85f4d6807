//! Each layer's shape rule against what Burn's module really returns, over random arguments and
//! sizes.
//!
//! A layer is tested by a function of its name in the `layers!` of a file here; see `harness.rs` for
//! what is compared. A new file is a module and a line in `TESTED`.

mod activations;
mod attention;
mod convolution;
mod dense;
mod harness;
mod norms;
mod patches;
mod pointwise;
mod pooling;
mod products;
mod quietly;
mod recurrent;
mod shape;
mod shape_operations;
mod transformers;
mod transposed;
mod windows;

/// The layers with a test, by file.
const TESTED: &[&[&str]] = &[
    activations::NAMES,
    dense::NAMES,
    convolution::NAMES,
    transposed::NAMES,
    pooling::NAMES,
    patches::NAMES,
    products::NAMES,
    norms::NAMES,
    pointwise::NAMES,
    shape::NAMES,
    shape_operations::NAMES,
    recurrent::NAMES,
    attention::NAMES,
    transformers::NAMES,
];

#[test]
fn every_layer_has_a_test() {
    let tested = TESTED.concat();
    let untested: Vec<_> = diagram_layers::layers::names()
        .filter(|name| !tested.contains(name))
        .collect();
    assert!(
        untested.is_empty(),
        "layers without a test here: {untested:?}"
    );
}
