//! What a help proposes, pasted in the place that it is for, is accepted.

use diagram_codegen::{Checked, check};

/// The one fault of a diagram: where it is in the text, and what its help has in its last backticks.
fn proposed(text: &str) -> (std::ops::Range<usize>, String) {
    let Checked { faults, .. } = check(text);
    let [found] = faults.as_slice() else {
        panic!("{text}: {faults:#?}");
    };
    let offset = |at: diagram_codegen::Position| {
        let lines = text.split_inclusive('\n').take(at.line - 1);
        lines.map(str::len).sum::<usize>() + at.column - 1
    };
    let help = found.fault.help.as_deref();
    let help = help.unwrap_or_else(|| panic!("{text}: no help: {}", found.fault));
    let code = help.split('`').rev().nth(1).expect("code");
    (offset(found.start)..offset(found.end), code.to_owned())
}

/// The diagram with this in place of that, which is in it once.
fn with(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old} in {text}");
    text.replace(old, new)
}

fn accepted(text: &str) {
    let Checked { faults, .. } = check(text);
    assert!(faults.is_empty(), "{text}: {faults:#?}");
}

#[test]
fn an_object_that_is_to_be_int() {
    for (declared, chain, vectors) in [
        (
            "Tokens: [batch, len]",
            "embedding(100, 16)",
            "batch, len, 16",
        ),
        (
            "Tokens: [batch, 3, 4]",
            "flatten >> embedding(9, 16)",
            "batch, 12, 16",
        ),
        (
            "Tokens: [batch, 12]",
            "reshape[batch, 3, 4] >> permute[0, 2, 1] >> embedding(9, 16)",
            "batch, 4, 3, 16",
        ),
        (
            "Tokens: [batch, 1, len]",
            "squeeze(1) >> identity >> narrow(1, 0, 1) >> embedding(9, 16)",
            "batch, 1, 16",
        ),
        (
            "Tokens: [batch, len]",
            "(embedding(9, 16), identity >> embedding(9, 16)) >> add",
            "batch, len, 16",
        ),
    ] {
        for data in [
            "data Goal: Vectors; ",
            "data Goal: Vectors; data Other: Tokens; ",
        ] {
            let text = format!(
                "pub Reader {{ dyn batch, len; data {declared}; data Mask: [batch, len];
                 Vectors: [{vectors}]; {data} Tokens --read--> Vectors; read = {chain};
                 read ~ Goal; watch length: Mask ~ 0 by mse; }}"
            );
            let Checked { faults, .. } = check(&text);
            let found = faults.first().expect("a fault");
            let help = found.fault.help.as_deref().expect("help");
            let new = help.split('`').nth(1).expect("code");
            assert_eq!(new, declared.replace(": [", ": Int["), "{text}");
            let several = data.contains("Other");
            let noted = found
                .fault
                .notes
                .iter()
                .any(|note| note == "`Tokens` and `Other` are data of `Tokens`");
            assert_eq!(noted, several, "{text}");
            accepted(&with(&text, declared, new));
        }
    }
}

#[test]
fn no_object_that_other_layers_need_as_float() {
    let reader = |rest: &str| {
        format!(
            "Reader {{ dyn batch; data Page: [batch, 8]; Vectors: [batch, 8, 16]; data Goal: Vectors; {rest} }}"
        )
    };
    for rest in [
        // What a layer gives is Float.
        "Page --read--> Vectors; read = linear(8) >> embedding(9); read ~ Goal;",
        "Hidden: [batch, 8]; Page --hide--> Hidden --read--> Vectors;
         hide = linear; read = embedding(9); hide >> read ~ Goal;",
        // As Int, another layer of the same chain could not take it.
        "Page --read--> Vectors; read = relu >> embedding(9); read ~ Goal;",
        "Page --read--> Vectors * Page; read = (embedding(9), linear); read.Vectors ~ Goal;",
    ] {
        let checked = check(&reader(rest));
        let kinds = checked.faults.iter().map(|found| &found.fault);
        let mut kinds = kinds.filter(|fault| fault.message.starts_with("`embedding` takes Int"));
        let fault = kinds.next().expect(rest);
        assert_eq!(fault.help, None, "{rest}");
    }
}

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

#[test]
fn an_argument_that_is_missing() {
    let header = "dyn batch; data Image: [batch, 12]; data Text: [batch, 5]; data Note: Text;
        Code: [batch, 7]; data Goal: Code; Image * Text * Text --join--> Code;
        Image --see--> Image; see = linear; join = concat(1) >> linear;";
    for (call, given, lacks, all) in [
        (
            "join(Image)",
            "join(Image)",
            "Text * Text",
            "join(Image, Text, Text)",
        ),
        (
            "join(Image, Note)",
            "join(Image, Note)",
            "Text",
            "join(Image, Note, Text)",
        ),
        (
            "join()",
            "join()",
            "Image * Text * Text",
            "join(Image, Text, Text)",
        ),
        (
            "see >> join",
            "see >> join",
            "Text * Text",
            "join(see, Text, Text)",
        ),
        (
            "see >> see >> join",
            "see >> join",
            "Text * Text",
            "join(see >> see, Text, Text)",
        ),
        (
            "(see, Note) >> join",
            "(see, Note) >> join",
            "Text",
            "join(see, Note, Text)",
        ),
    ] {
        let text = format!("pub Joined {{ {header} {call} ~ Goal; }}");
        let faults = check(&text).faults;
        let fault = &faults.first().expect(call).fault;
        let count = 3 - lacks.split(" * ").count();
        assert_eq!(
            fault.message,
            format!(
                "`{given}` lacks `{lacks}`: `join` takes 3 arguments (`Image * Text * Text`), but is given {count}"
            )
        );
        let (_, new) = proposed(&text);
        assert_eq!(new, all);
        accepted(&with(&text, &format!("{call} ~"), &format!("{new} ~")));
    }
    // Nothing can be put beside what is in another place.
    let text = format!("pub Joined {{ {header} join(Text) ~ Goal; join(Note, Image) ~ Goal; }}");
    let faults = check(&text).faults;
    let said: Vec<_> = faults.iter().map(|found| found.fault.to_string()).collect();
    assert!(said[1].starts_with("`join` takes 3 arguments"), "{said:?}");
    assert!(said[1].ends_with("but is given 2 [D0409]"), "{said:?}");
}
