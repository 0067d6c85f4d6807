//! Which diagrams are warned of, and what silences that.

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::{lower, syntax};

/// The codes of the warnings of a diagram without faults, and their texts.
fn warned(diagram: &str) -> Vec<(String, String)> {
    let mut diagnostics = Diagnostics::default();
    let tokens: proc_macro2::TokenStream = diagram.parse().expect("tokens");
    let trees = syntax::parse(tokens, &mut diagnostics);
    drop(lower::lower(&trees[0], &mut diagnostics));
    assert!(
        diagnostics.is_clean(),
        "{diagram}: {:#?}",
        diagnostics.faults()
    );
    let warnings = diagnostics.warnings().iter();
    warnings
        .map(|(_, warning)| (warning.code.to_string(), warning.to_string()))
        .collect()
}

#[track_caller]
fn assert_warned(diagram: &str, codes: &[&str]) {
    let warned = warned(diagram);
    let found: Vec<_> = warned.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(found, codes, "{diagram}\n{warned:#?}");
}

/// A diagram of images of this shape, which this chain classifies.
fn images(shape: &str, layers: &str) -> String {
    format!(
        "pub Test(h: usize = 28) {{ dyn batch, side; data Image: {shape}; data Label: Int[batch]; \
         Logits: [batch, 10]; Image --f--> Logits; f = {layers}; f ~ Label by cross_entropy; }}"
    )
}

#[test]
fn images_whose_channels_come_last() {
    for (shape, layers) in [
        ("[batch, 28, 28, 1]", "conv2d(8, kernel = [3, 1])"),
        ("[batch, 28, 28, 3]", "conv2d(8, kernel = 3)"),
        ("[batch, h, 28, 3]", "conv2d(8, kernel = 3)"),
        (
            "[batch, 28, 28, 3]",
            "dropout(0.1) >> batch_norm >> relu >> conv2d(8, kernel = 3)",
        ),
        (
            "[batch, 28, 28, 3]",
            "residual(conv2d(kernel = 3, padding = same))",
        ),
        ("[batch, 28, 28, 3]", "conv_transpose2d(8, kernel = 3)"),
        ("[batch, 28, 28, 3]", "max_pool2d(2) >> relu"),
        ("[batch, 28, 28, 3]", "adaptive_avg_pool2d(2)"),
        (
            "[batch, 28, 28, 3]",
            "(identity, conv2d(28, kernel = 3, padding = same)) >> add",
        ),
    ] {
        let layers = layers.replace("(identity, ", "(relu, ");
        assert_warned(
            &images(shape, &format!("{layers} >> flatten >> linear")),
            &["D0707"],
        );
    }
}

#[test]
fn images_whose_channels_come_first_or_that_no_image_layer_is_given() {
    for (shape, layers) in [
        ("[batch, 1, 28, 28]", "conv2d(8, kernel = 3) >> flatten"),
        ("[batch, 3, 28, 3]", "conv2d(8, kernel = 3) >> flatten"),
        ("[batch, 1, 28, 1]", "conv2d(8, kernel = [3, 1]) >> flatten"),
        (
            "[batch, 28, 28, 2]",
            "conv2d(8, kernel = [3, 1]) >> flatten",
        ),
        (
            "[batch, 28, 28, 3]",
            "permute[0, 3, 1, 2] >> conv2d(8, kernel = 3) >> flatten",
        ),
        (
            "[batch, 28, 28, 3]",
            "linear(4) >> conv2d(8, kernel = 3) >> flatten",
        ),
        ("[batch, 28, 28, 3]", "flatten"),
        ("[batch, 28, 3]", "conv1d(8, kernel = 3) >> flatten"),
    ] {
        assert_warned(&images(shape, &format!("{layers} >> linear")), &[]);
    }
    // What comes out of a pool is no datum.
    let pooled = "pub Test { dyn batch; data Image: [batch, 1, 28, 28]; Row: [batch, 14, 1, 1]; \
        Image --pool--> Row --f--> Row; pool = conv2d(14, kernel = 28); f = conv2d(kernel = 1); \
        pool >> f ~ pool; }";
    assert_warned(pooled, &[]);
}

#[test]
fn a_datum_is_followed_through_composites_and_cuts() {
    let diagram = |path: &str| {
        format!(
            "pub Test {{ dyn batch; data Image, Other: Picture; Picture: [batch, 28, 28, 3]; Code: [batch, 4]; \
             Picture --f--> Code; f = conv2d(8, kernel = 3) >> flatten >> linear; g = f; {path}; }}"
        )
    };
    assert_warned(&diagram("g(Image) ~ g(stop(Image))"), &["D0707"]);
    assert_warned(&diagram("g(Image) ~ g(Other)"), &["D0707", "D0707"]);
}

/// A diagram of points of this shape.
fn points(shape: &str, more: &str) -> String {
    format!(
        "pub Test(h: usize = 28) {{ dyn batch; data Point: {shape}; {more} Point --f--> Point; f = linear; \
         f ~ Point; }}"
    )
}

#[test]
fn batches_of_one_size() {
    assert_warned(&points("[64, 2]", ""), &["D0708"]);
    assert_warned(&points("[h, 2]", ""), &["D0708"]);
    assert_warned(&points("[WIDTH, 2]", ""), &["D0708"]);
    assert_warned(&points("[batch, 2]", ""), &[]);
    assert_warned(&points("[2 * batch, 2]", "data One: [batch];"), &[]);
    // One datum that varies says that batches do.
    assert_warned(&points("[64, 2]", "data Mask: Bool[batch];"), &[]);
    // Nothing is trained, or nothing is given.
    assert_warned(
        "pub Test { data Point: [4, 2]; Point --f--> Point; f = linear; }",
        &[],
    );
    assert_warned(
        "pub Test { Point: [4, 2]; () --f--> Point; () --g--> Point; f = parameter; g = parameter; f ~ g; }",
        &[],
    );
    let text = &warned(&points("[64, 2]", ""))[0].1;
    assert!(
        text.contains("help: `dyn batch;`, and `[batch, 2]` for `Point`"),
        "{text}"
    );
}

/// A diagram with each kind of warning, each item with what stands above it.
fn every(above: &str, whole: &str) -> String {
    format!(
        "{whole} pub Test(h: usize = 2) {{ dyn batch;
         {above} where h >= 1;
         {above} Latent: [batch, 4];
         {above} data Image: [batch, 28, 28, 3];
         Code: [batch, 2];
         Image --f--> Code;
         {above} Image --other--> Code;
         Image --held--> Code;
         {above} Image --average--> Code;
         f = conv2d(8, kernel = 3) >> flatten >> linear(2) >> softmax(1);
         other = flatten >> linear;
         held = frozen flatten >> linear;
         average = ema(held, decay = 0.9);
         {above} zero: f ~ f;
         fit: f ~ average;
         data Label: Int[batch];
         {above} class: f ~ Label by cross_entropy;
         }}"
    )
}

#[test]
fn every_warning_is_silenced_above_its_item_and_above_the_diagram() {
    let all = [
        "D0705", "D0701", "D0707", "D0702", "D0706", "D0703", "D0704",
    ];
    let mut codes: Vec<_> = warned(&every("", "")).into_iter().collect();
    assert!(
        codes
            .iter()
            .all(|(code, text)| text.contains(&format!("note: `#[allow({code})]` above it"))),
        "{codes:#?}"
    );
    codes.sort();
    let mut sorted = all;
    sorted.sort_unstable();
    assert_eq!(
        codes
            .iter()
            .map(|(code, _)| code.as_str())
            .collect::<Vec<_>>(),
        sorted
    );
    let list = format!("#[allow({}, dead_code)]", all.join(", "));
    assert_warned(&every(&list, ""), &[]);
    assert_warned(&every("", &list), &[]);
    for code in all {
        let left = warned(&every(&format!("#[allow({code})]"), ""));
        assert_eq!(left.len(), all.len() - 1, "{code}");
        assert!(left.iter().all(|(known, _)| known != code), "{code}");
    }
}

/// The codes are taken out of what is passed on, and the other lints stay.
#[test]
fn codes_are_not_passed_on() {
    let diagram = "#[allow(D0708, clippy::pedantic)] pub Test { #[allow(D0701)] data Point: [4]; \
        #[allow(D0702, reason = \"of ours\")] Point --f--> Point; f = linear; f ~ Point; }";
    let tokens = diagram.parse().expect("tokens");
    let text = diagram_codegen::expand(tokens).to_string();
    assert!(!text.contains("allow (D07"), "{text}");
    assert!(!text.contains("of ours"), "{text}");
    assert!(text.contains("# [allow (clippy :: pedantic)]"), "{text}");
    assert!(!text.contains("compile_error"), "{text}");
}
