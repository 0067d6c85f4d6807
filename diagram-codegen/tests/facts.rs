//! A proposed fact, pasted, compiles.

use quote::ToTokens;

/// The texts of the errors that a diagram gives.
fn errors(diagram: &str) -> Vec<String> {
    let tokens = diagram.parse().expect("tokens");
    let file: syn::File = syn::parse2(diagram_codegen::expand(tokens)).expect("valid Rust");
    let errors = file.items.into_iter().filter_map(|item| match item {
        syn::Item::Macro(item)
            if item
                .mac
                .path
                .to_token_stream()
                .to_string()
                .contains("compile_error") =>
        {
            Some(
                item.mac
                    .parse_body::<syn::LitStr>()
                    .expect("a message")
                    .value(),
            )
        }
        _ => None,
    });
    errors.collect()
}

/// The statement that an error proposes: `where side % 2 == 0;`.
fn proposed(error: &str) -> Option<&str> {
    let start = error.find("`where ")? + 1;
    let end = start + error[start..].find('`')?;
    Some(&error[start..end])
}

/// Pastes what each error proposes, until none is left; the statements that were pasted.
fn settled(hypers: &str, body: &str) -> String {
    let mut stated = String::new();
    for _ in 0..4 {
        let errors = errors(&format!("pub Pasted{hypers} {{ {stated} {body} }}"));
        let Some(error) = errors.first() else {
            return stated.trim().to_owned();
        };
        let fact = proposed(error).unwrap_or_else(|| panic!("no fact is proposed: {error}"));
        stated.push_str(fact);
        stated.push(' ');
    }
    panic!("still wrong with {stated}");
}

#[test]
fn halvings_that_keep_the_number_of_elements() {
    for levels in 1..6_u32 {
        for (kernel, padding) in [(2, 0), (3, 1), (4, 1)] {
            let halvings = (1..=levels).map(|level| {
                let channels = 4_u32.pow(level);
                format!("conv2d({channels}, {kernel}, stride = 2, padding = {padding}) >> ")
            });
            let halvings: Vec<_> = halvings.collect();
            let halvings = halvings.concat();
            for (dims, height, width) in [
                ("side", "side", "side"),
                ("height, width", "height", "width"),
            ] {
                let body = format!(
                    "dyn batch, {dims};
                     data Image: [batch, 1, {height}, {width}];
                     data Flat: [batch, {height} * {width}];
                     Image --model--> Flat;
                     model = {halvings} flatten;
                     model ~ Flat;"
                );
                let modulus = 2_u32.pow(levels);
                let expected = if dims == "side" {
                    format!("where side % {modulus} == 0;")
                } else {
                    format!("where height % {modulus} == 0, width % {modulus} == 0;")
                };
                assert_eq!(settled("", &body), expected, "{levels} of {kernel}");
            }
        }
    }
}

#[test]
fn groups_that_divide() {
    for (channels, groups, expected) in [
        ("channels", "parts", "where channels % parts == 0;"),
        ("channels", "6", "where channels % 6 == 0;"),
        ("6 * channels", "4", "where channels % 2 == 0;"),
        ("64", "parts", "where 64 % parts == 0;"),
        ("64", "8", ""),
    ] {
        let body = format!(
            "dyn batch;
             data Image: [batch, {channels}, 8, 8];
             Image --mix--> Image;
             mix = conv2d(kernel = 1, groups = {groups});
             mix ~ Image;"
        );
        assert_eq!(settled("(channels: usize, parts: usize)", &body), expected);
    }
}

#[test]
fn a_dim_that_is_computed_from_others() {
    let body = "dyn batch;
        data Sequence: [batch, heads, width];
        data Flat: [batch, hidden];
        Sequence --join--> Flat;
        join = flatten;
        watch same: join ~ Flat by mse;";
    let hypers = "(hidden: usize, heads: usize, width: usize)";
    assert_eq!(settled(hypers, body), "where hidden == heads * width;");
}

/// Reshapes of a shape to another, between objects of just these.
fn reshaped(before: &str, after: &str) -> String {
    format!(
        "dyn batch, seq;
         data Before: [batch, {before}];
         data After: [batch, {after}];
         data Sequence: [batch, seq];
         Before --change--> After;
         change = reshape[batch, {after}];
         watch same: change ~ After by mse;
         watch other: Sequence ~ 0 by mse;"
    )
}

const HYPERS: &str = "(a: usize, b: usize, c: usize, d: usize)";

#[test]
fn elements_of_a_reshape() {
    for (before, after, expected) in [
        ("a, b", "4, c", "where a * b == 4 * c;"),
        ("2 * a, b", "4, c", "where a * b == 2 * c;"),
        ("a * b", "2, a * c", "where b == 2 * c;"),
        ("a, b", "c, d", "where a * b == c * d;"),
        ("a + 1, b", "4, c", "where a * b + b == 4 * c;"),
        ("a, b", "4, 8", "where a * b == 32;"),
        ("a", "4, b", "where a == 4 * b;"),
        ("a", "2, a / 2", "where a % 2 == 0;"),
        ("a", "a / b, b", "where a % b == 0;"),
        // Facts may speak of dynamic dims.
        ("seq, a", "b", "where b == seq * a;"),
        ("seq, a", "4, b", "where seq * a == 4 * b;"),
        ("a, b", "a, b", ""),
    ] {
        let body = reshaped(before, after);
        assert_eq!(settled(HYPERS, &body), expected, "{before} to {after}");
    }
}

#[test]
fn no_fact_is_proposed_that_never_holds() {
    for (facts, before, after) in [
        ("", "6", "4"),
        ("", "a", "2 * a"),
        ("", "2 * a", "7"),
        ("", "6 * seq", "4"),
        ("where a >= 10;", "a", "4"),
        ("where a % 2 == 1;", "a, 3", "4, 3"),
        ("where a == 3, b == 5;", "a, b", "4, c"),
        ("where a == b, c % 2 == 1;", "a, c", "2, a"),
    ] {
        let body = reshaped(before, after);
        let errors = errors(&format!("pub Pasted{HYPERS} {{ {facts} {body} }}"));
        assert!(!errors.is_empty(), "{before} to {after}");
        let proposals = errors.iter().filter_map(|error| proposed(error));
        assert_eq!(proposals.count(), 0, "{before} to {after}: {errors:?}");
    }
}
