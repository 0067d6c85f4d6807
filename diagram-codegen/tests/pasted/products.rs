//! Chains that end in one tensor where a product must stand.

use diagram_codegen::check;

use crate::{accepted, proposed};

/// A diagram with an arrow into a product, of a chain.
fn encoder(image: &str, factors: &[&str], chain: &str) -> String {
    let names = ["Mean", "LogVar", "Rest"].iter().zip(factors);
    let declared: Vec<_> = names
        .clone()
        .map(|(name, shape)| format!("{name}: [{shape}]; data {name}Goal: {name};"))
        .collect();
    let cells: Vec<_> = names
        .clone()
        .map(|(name, _)| format!("encode.{name} ~ {name}Goal;"))
        .collect();
    let product: Vec<_> = names.map(|(name, _)| *name).collect();
    format!(
        "pub Encoder(hidden: usize = 8) {{ dyn batch, len; data Image: [{image}];
         {} data Length: [batch, len]; Image --encode--> {}; encode = {chain}; {}
         watch length: Length ~ 0 by mse; }}",
        declared.concat(),
        product.join(" * "),
        cells.concat(),
    )
}

/// Pastes what is proposed for a chain that ends in one tensor, and what that is.
fn filled(image: &str, factors: &[&str], chain: &str) -> String {
    let text = encoder(image, factors, chain);
    let (place, new) = proposed(&text);
    let end = text.find(&format!("{chain};")).expect("the chain") + chain.len();
    accepted(&if new.starts_with(">>") {
        format!("{} {new}{}", &text[..end], &text[end..])
    } else {
        // What stands behind the layer is in the proposal, if it is not side by side.
        let behind = if new.contains(&text[place.end..end]) {
            end
        } else {
            place.end
        };
        format!("{}{new}{}", &text[..place.start], &text[behind..])
    });
    new
}

const TWO: &[&str] = &["batch, 4", "batch, 4"];

const OTHER: &[&str] = &["batch, 4", "batch, hidden"];

const THREE: &[&str] = &["batch, 4", "batch, 6", "batch, 1"];

#[test]
fn a_product_of_vectors_that_is_left_open() {
    for (factors, chain, expected) in [
        // In the place of the layer.
        (TWO, "linear(8) >> relu >> linear", "(linear, linear)"),
        (OTHER, "linear", "(linear, linear)"),
        (THREE, "relu >> linear", "(linear, linear, linear)"),
        (
            TWO,
            "relu >> linear(bias = false)",
            "(linear(bias = false), linear(bias = false))",
        ),
        (TWO, "relu >> linear(4)", "(linear(4), linear(4))"),
        (
            TWO,
            "linear(4) >> relu",
            "(linear(4) >> relu, linear(4) >> relu)",
        ),
        (
            OTHER,
            "linear >> relu >> dropout(0.5)",
            "(linear >> relu >> dropout(0.5), linear >> relu >> dropout(0.5))",
        ),
        (TWO, "linear >> relu * tanh", "(linear, linear)"),
        // Behind the layers.
        (TWO, "linear(8) >> relu", ">> (linear, linear)"),
        (OTHER, "linear(4)", ">> (linear, linear)"),
        (OTHER, "linear(hidden) >> relu", ">> (linear, linear)"),
        (THREE, "linear(12)", ">> (linear, linear, linear)"),
    ] {
        assert_eq!(filled("batch, 12", factors, chain), expected, "{chain}");
    }
}

#[test]
fn a_product_behind_an_image_that_is_left_open() {
    let images: &[&str] = &["batch, 4, 6, 6", "batch, 2, 6, 6"];
    for (factors, chain, expected) in [
        (
            TWO,
            "conv2d(8, kernel = 3) >> linear",
            "flatten >> (linear, linear)",
        ),
        (
            images,
            "conv2d(kernel = 3)",
            "(conv2d(kernel = 3), conv2d(kernel = 3))",
        ),
        (
            OTHER,
            "conv2d(8, kernel = 3) >> relu",
            ">> flatten >> (linear, linear)",
        ),
    ] {
        let filled = filled("batch, 3, 8, 8", factors, chain);
        assert_eq!(filled, expected, "{chain}");
    }
}

#[test]
fn no_product_is_proposed_that_does_not_fit() {
    for (image, factors, chain) in [
        ("batch, 3, len", ["batch, 4", "batch, 4"], "linear(8)"),
        ("batch, 12", ["batch, 4, 4", "batch, 4"], "linear(8)"),
        ("batch, 12", ["batch, 4, 4", "batch, 4"], "relu >> linear"),
    ] {
        let faults = check(&encoder(image, &factors, chain)).faults;
        let fault = &faults.first().expect("a fault").fault;
        assert_eq!(fault.help, None, "{chain}");
    }
}
