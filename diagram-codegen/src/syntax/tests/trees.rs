//! What is read: constructs, values, groups of `macro_rules!`, and the bounds of nesting.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{items, read, tokens};

/// Items print as they are written here, and read again to the same tree.
#[test]
fn every_construct_prints_as_a_person_writes_it() {
    for item in [
        "dyn batch, seq",
        "where hidden % heads == 0, n >= 3, 2 * (n + 1) == m / (2 * k)",
        "A: Int[a - (b - c), (a + b) * c, a / b / c, a / (b / c), crate::N] by losses::f(2, x = -1)",
        "data Weak, Strong: Image[batch = many, n = 2 * n] by cosine",
        "data Sure: Bool[batch]",
        "() --token--> Token <--f-- A[n = 2] * B",
        "A --r#gen--> B",
        "(f >> g) >> h^3 ~ fuse((f, g), -0.5).Mean",
        "x: (f >> g)^(n + 1) ~ (p^2).0.1 by kl(temperature = learned(0.07)) weight learned mask Real",
        "f ~ stop(g) weight learned(0.5)",
        "scale(f, -learned(2.0)) ~ reverse(g, crate::K) weight crate::W",
        "minimize (f, g, h) by triplet(margin)",
        "minimize f(A)",
        "watch top: f ~ g by top_k(5)",
        "commutes at A, B within 3 by cosine weight 0.5 mask M",
        "objective o trains f, g minimizes -2 * a + lambda * b - crate::K * c - d every 5",
        "a, b: include crate::Task(classes = 10, trunk = flatten >> linear) over trunk, Base { h => k, c => _ }",
        "frozen f, g",
        "lora f(rank = 8)",
        "f = _",
        "f = frozen fn noise::<4>::salt",
        "f = |x, y| x * y + 1",
        "f = frozen Teacher<10>",
        "f = Encoder: EncoderConfig::new(hidden).with_rate(0.1)",
        "f = teacher.features",
        "f = ema(g, decay = 0.996)",
        "f = lora(Vit: VitConfig::new(768), rank = 8, alpha = 16.0)",
        "f = lora(flatten >> linear, rank = r)",
        "f = (f * g)^3 >> (relu, residual(conv2d(8, kernel = [3, 5], padding = same) >> relu))",
        "f = reshape[ways * shots, 784] >> linear(2 * (hidden + 1), bias = true, name = \"a\")",
        "f = repeat(3, (gelu)) >> dropout(rate = crate::RATE) >> adapt(|x| x + 1)",
        "data ~ minimize by by weight weight mask mask",
        "data --frozen--> watch",
        "include ~ lora(objective, commutes)",
    ] {
        let [kind] = items(&format!("{item};")).try_into().unwrap();
        assert_eq!(kind.to_string(), item);
    }
}

#[test]
fn documentation_and_attributes_are_kept() {
    let text = "/// A diagram.\n#[cfg(test)]\npub(crate) D<const N: usize>(/// Width.\nwidth: usize = 3) {\n    \
                /// Both.\n    A --f--> B;\n}\n";
    let (diagrams, diagnostics) = read(tokens(text));
    assert!(diagnostics.is_clean(), "{:?}", diagnostics.faults());
    let printed = diagrams[0].to_string();
    assert!(
        printed.starts_with("/// A diagram.\n#[cfg(test)]\npub(crate) D<const N: usize>("),
        "{printed}"
    );
    assert!(
        printed.ends_with("    /// Both.\n    A --f--> B;\n}\n"),
        "{printed}"
    );
    assert_eq!(read(tokens(&printed)).0, diagrams);
}

#[test]
fn values_are_told_apart() {
    let value = |text: &str| {
        let [kind] = items(&format!("f = g({text});")).try_into().unwrap();
        let debug = format!("{kind:?}");
        let start = debug.find("value: Value { kind: ").unwrap();
        debug[start + 21..]
            .chars()
            .take_while(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    for (text, expected) in [
        ("3", "Number"),
        ("-0.5", "Number"),
        ("hidden", "Name"),
        ("2 * hidden", "Dim"),
        ("a * b", "Dim"),
        ("(a + 1) * 2", "Dim"),
        ("crate::RATE", "Constant"),
        ("\"text\"", "Text"),
        ("true", "Bool"),
        ("learned(1)", "Learned"),
        ("[1, 2]", "List"),
        ("f >> g", "Definition"),
        ("f(3) * g", "Definition"),
        ("(f, g)", "Definition"),
        ("f^2", "Definition"),
        ("|x| x", "Definition"),
        ("fn f", "Definition"),
        ("A: B::new()", "Definition"),
        ("crate::Encoder", "Definition"),
        ("reshape[2]", "Definition"),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

/// What `macro_rules!` makes of `$width:expr` and `$rate:literal`.
#[test]
fn invisible_groups_are_looked_through() {
    fn hide(tokens: TokenStream) -> TokenStream {
        let hidden = tokens.into_iter().map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                TokenTree::from(Group::new(Delimiter::None, group.stream()))
            }
            TokenTree::Group(group) => Group::new(group.delimiter(), hide(group.stream())).into(),
            token => token,
        });
        hidden.collect()
    }
    let inner = "(A: [2 * {n + 1}, {m}]; f = linear({2}) >> {g}; f ~ {g >> h}^2 weight {-0.5};)";
    let Some(TokenTree::Group(group)) = hide(tokens(inner)).into_iter().next() else {
        unreachable!()
    };
    let mut text = tokens("D");
    text.extend([TokenTree::from(Group::new(
        Delimiter::Brace,
        group.stream(),
    ))]);
    let (diagrams, diagnostics) = read(text);
    assert!(diagnostics.is_clean(), "{:?}", diagnostics.faults());
    let plain = "A: [2 * (n + 1), m]; f = linear(2) >> g; f ~ (g >> h)^2 weight -0.5;";
    assert_eq!(
        diagrams[0]
            .items
            .iter()
            .map(|item| item.kind.clone())
            .collect::<Vec<_>>(),
        items(plain)
    );
}

#[test]
fn lists_have_no_bound_and_nesting_has() {
    let chain = format!("A{};", " --f--> A".repeat(10_000));
    let layers = format!("f = relu{};", " >> relu".repeat(10_000));
    let sum = format!("objective o trains f minimizes a{};", " + a".repeat(10_000));
    assert_eq!(items(&(chain + &layers + &sum)).len(), 3);

    let message = |item: String| {
        let (_, diagnostics) = read(tokens(&format!("D {{ {item} }}")));
        diagnostics
            .faults()
            .first()
            .map(|(_, fault)| fault.message.clone())
    };
    let deep = |levels: usize| format!("f = {}relu{};", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(message(deep(60)), None);
    assert_eq!(
        message(deep(3_000)).as_deref(),
        Some("groups are nested deeper than 64 levels")
    );
    let wide = |operands: usize| format!("A: [n{}];", " + n".repeat(operands - 1));
    assert_eq!(message(wide(256)), None);
    assert_eq!(
        message(wide(257)).as_deref(),
        Some("a dim of more than 256 operands")
    );
    let dots = format!("f{} ~ g;", ".x".repeat(10_000));
    assert_eq!(
        message(dots).as_deref(),
        Some("more than 64 powers and factors of one path")
    );
    for rust in [
        "f = |x| {0};",
        "f = A: {0}x;",
        "f = A<{1}>;",
        "f = fn a::<{1}>;",
        "f = A: {2} x;",
    ] {
        let rust = rust
            .replace("{0}", &"-".repeat(20_000))
            .replace("{1}", &"&".repeat(20_000));
        let rust = rust.replace("{2}", &"return ".repeat(20_000));
        let refused = "this piece of Rust is nested too deep to be read";
        assert_eq!(message(rust).as_deref(), Some(refused));
    }
}
