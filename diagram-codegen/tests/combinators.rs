//! `residual` and `repeat`: every mistake in them, and bounds on what they become.

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::lower::lower;
use diagram_codegen::syntax::parse;
use proptest::prelude::*;

/// What is said of a chain between two shapes.
fn said(from: &str, chain: &str, to: &str) -> String {
    let text = format!(
        "Test(depth: usize = 2, rate: f64 = 0.1) {{ dyn batch, side; data Given: {from}; data Wanted: {to}; \
         Given --f--> Wanted; f = {chain}; watch kept: f ~ Wanted; }}"
    );
    let mut diagnostics = Diagnostics::default();
    let trees = parse(text.parse().expect("tokens"), &mut diagnostics);
    for tree in &trees {
        lower(tree, &mut diagnostics);
    }
    let faults = diagnostics
        .faults()
        .iter()
        .map(|(_, fault)| fault.to_string());
    faults.collect::<Vec<_>>().join("\n")
}

/// What is said of a chain that should keep `[batch, 8]`.
fn keeps(chain: &str) -> String {
    said("[batch, 8]", chain, "[batch, 8]")
}

#[test]
fn what_acts_on_factors_is_given_one_tensor() {
    let said = keeps("linear(2 * depth) * (relu >> tanh)");
    let help = "to give all of them the same: `(linear(2 * depth), relu >> tanh)`";
    assert!(said.ends_with(help), "{said}");
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

#[test]
#[expect(
    clippy::too_many_lines,
    reason = "a table of what is written and what is said of it"
)]
fn what_is_given_to_a_combinator() {
    for (chain, message, help) in [
        (
            "residual",
            "`residual` needs the layers whose output it adds to its input [D0310]",
            "`residual(linear >> relu)`",
        ),
        (
            "residual()",
            "`residual` needs the layers whose output it adds to its input [D0310]",
            "`residual(linear >> relu)`",
        ),
        (
            "residual(3)",
            "`residual` takes layers, but is given `3` [D0311]",
            "`residual(linear >> relu)`",
        ),
        (
            "residual(relu, tanh)",
            "`residual` takes one chain of layers, but is given `tanh` as well [D0313]",
            "make one chain of them: `residual(relu >> tanh)`",
        ),
        (
            "residual(f = relu)",
            "`residual` has no argument `f`: it takes what it is given without names [D0106]",
            "leave the name out: `residual(relu)`",
        ),
        (
            "residual[relu]",
            "`residual` takes its layers in parentheses [D0001]",
            "`residual(linear >> relu)`",
        ),
        (
            "residual(rellu)",
            "there is no layer `rellu` [D0104]",
            "did you mean `relu`?",
        ),
        (
            "resdual(relu)",
            "there is no layer `resdual` [D0104]",
            "did you mean `residual`?",
        ),
        (
            "repeat",
            "`repeat` needs a number of copies, and the layers that it copies [D0310]",
            "`repeat(2, linear >> relu)`",
        ),
        (
            "repeat(g)",
            "`repeat` needs a number of copies, and the layers that it copies [D0310]",
            "`repeat(2, linear >> relu)`",
        ),
        (
            "repeat(relu)",
            "`repeat` needs the number of copies before its layers [D0310]",
            "`repeat(2, relu)`",
        ),
        (
            "repeat(relu >> linear(8), tanh)",
            "`repeat` needs the number of copies before its layers [D0310]",
            "`repeat(2, relu >> linear(8) >> tanh)`",
        ),
        (
            "repeat(depth)",
            "`repeat` needs the layers that it copies [D0310]",
            "`repeat(depth, linear >> relu)`",
        ),
        (
            "repeat(relu, 2)",
            "`repeat` takes the number of copies first, but is given `relu` [D0311]",
            "swap them: `repeat(2, relu)`",
        ),
        (
            "repeat(2, 3)",
            "`repeat` takes layers after the number of copies, but is given `3` [D0311]",
            "`repeat(2, linear >> relu)`",
        ),
        (
            "repeat(2, relu, tanh)",
            "`repeat` takes one chain of layers, but is given `tanh` as well [D0313]",
            "make one chain of them: `repeat(2, relu >> tanh)`",
        ),
        (
            "repeat(n = 2, relu)",
            "`repeat` has no argument `n`: it takes what it is given without names [D0106]",
            "leave the name out: `repeat(2, relu)`",
        ),
        (
            "repeat(rate, relu)",
            "`rate` is of type `f64`, and a size is of type `usize` [D0205]",
            "declare it as `rate: usize`",
        ),
        (
            "residual(linear(4) >> relu)",
            "`residual` adds [batch, 4] to [batch, 8]: axis 1 is 8, but `linear(4)` gives 4 [D0301]",
            "leave the width out: `linear`",
        ),
        (
            "repeat(depth, linear(4))",
            "each of `depth` copies goes from [batch, 8] to [batch, 4]: axis 1 is 8, but `linear(4)` \
             gives 4 [D0301]",
            "leave the width out: `linear`",
        ),
    ] {
        let said = keeps(chain);
        assert_eq!(first_line(&said), message, "{chain}");
        assert_eq!(said.matches("[D0").count(), 1, "{said}");
        assert!(said.ends_with(&format!("= help: {help}")), "{said}");
        // What a help proposes compiles.
        if let Some((_, rest)) = help.split_once('`')
            && let Some(code) = rest.strip_suffix('`')
            && code.starts_with("re")
            && code != "relu"
        {
            assert_eq!(keeps(code), "", "{code}");
        }
    }
    for (chain, message) in [
        (
            "repeat(0, relu)",
            "`copies` must be at least 1, but is 0 [D0312]",
        ),
        (
            "repeat(batch, relu)",
            "`repeat` needs its `copies` when it is built, but `batch` is known only at run time \
             [D0202]",
        ),
        (
            "residual(frozen linear)",
            "`frozen` cannot stand inside `residual`: it speaks of a whole morphism [D0001]",
        ),
        (
            "residual((relu, tanh))",
            "`residual` adds [batch, 8] * [batch, 8] to [batch, 8] [D0318]",
        ),
        (
            "residual(linear^batch)",
            "`^` needs its number when a model is built, but `batch` is known only at run time [D0202]",
        ),
    ] {
        assert_eq!(first_line(&keeps(chain)), message);
    }
}

#[test]
fn what_is_added_has_the_shape_of_the_input() {
    let image = "[batch, 3, 8, 8]";
    let fault = |from: &str, chain: &str| said(from, chain, from);
    assert_eq!(
        fault(image, "residual(relu >> conv2d(3, kernel = 3))"),
        "`residual` adds [batch, 3, 6, 6] to [batch, 3, 8, 8]: axis 2 is 8, but `conv2d(3, kernel = 3)` \
         gives 6 [D0301]\n\n         = note: [batch, 3, 8, 8] -> relu [batch, 3, 8, 8] -> conv2d(3, kernel \
         = 3) [batch, 3, 6, 6]\n         = help: keep the size: `conv2d(3, kernel = 3, padding = same)`"
    );
    assert_eq!(
        fault(
            image,
            "residual(relu >> conv2d(3, kernel = 3, padding = same))"
        ),
        ""
    );
    assert_eq!(
        first_line(&fault(image, "residual(flatten)")),
        "`residual` adds [batch, 192] to [batch, 3, 8, 8]: `flatten` gives rank 2 [D0302]"
    );
    assert_eq!(
        first_line(&fault("Int[batch, 4]", "residual(relu)")),
        "`residual` takes Float, but is given Int[batch, 4] [D0304]"
    );
}

#[test]
fn a_width_left_out_follows_from_combinators() {
    for chain in [
        "linear >> residual(relu)",
        "linear >> residual(linear(3) >> linear)",
        "linear >> repeat(depth, linear(3) >> residual(tanh) >> linear)",
        "linear >> repeat(3, residual(linear >> relu) >> relu)",
        "linear >> repeat(3, linear(3) >> relu >> linear >> repeat(2, tanh >> linear(bias = false)))",
        "flatten >> linear(5) >> repeat(2, linear) >> linear >> repeat(depth, linear)",
    ] {
        assert_eq!(said("[batch, 8]", chain, "[batch, 10]"), "", "{chain}");
    }
}

#[test]
fn copies_of_changing_shape_say_which_is_at_fault() {
    let fault = said(
        "[batch, 1, 8, 8]",
        "repeat(5, conv2d(1, kernel = 3))",
        "[batch, 1, 1, 1]",
    );
    assert_eq!(
        fault,
        "`conv2d(1, kernel = 3)` covers 3 on axis 2, but its input [batch, 1, 2, 2] has 2 there [D0306]\
         \n\n         = note: this is copy 4 of `repeat(5, conv2d(1, kernel = 3))`"
    );
}

#[test]
fn copies_without_end_are_refused_and_never_a_hang() {
    let unrolled = |chain: &str| said("[batch, 1, side, 8]", chain, "[batch, 1, side, 8]");
    let wide = "conv2d(1, kernel = [2, 1], stride = [2, 1])";
    let fault = unrolled(&format!("repeat(4000000000, {wide})"));
    assert_eq!(
        first_line(&fault),
        "`repeat` becomes 4000000000 layers here, and at most 256 of changing shape are allowed [D0312]"
    );
    let nested = (0..20).fold(wide.to_owned(), |chain, _| format!("repeat(9, {chain})"));
    assert!(unrolled(&nested).contains("[D0312]"));
    // Many of one copy, and as many as are allowed.
    let ones = (0..24).fold(wide.to_owned(), |chain, _| format!("repeat(1, {chain})"));
    assert!(unrolled(&ones).contains("[D03"));
    let _ = unrolled(&format!("repeat(256, {wide})"));
    // Copies that keep the shape are one module, however many.
    assert_eq!(keeps("repeat(4000000000, relu)"), "");
}

#[test]
fn combinators_nest_to_a_bound() {
    let nested = |levels: usize| {
        let start = "repeat(2, residual(".repeat(levels / 2);
        format!("{start}linear{}", "))".repeat(levels / 2))
    };
    assert_eq!(keeps(&nested(24)), "");
    // The runtime reads the diagram from JSON, whose reader bounds its depth.
    let text = format!(
        "Test {{ dyn batch; data Given: [batch, 8]; Given --f--> Given; f = {}; f ~ Given; }}",
        nested(24)
    );
    let mut diagnostics = Diagnostics::default();
    let trees = parse(text.parse().expect("tokens"), &mut diagnostics);
    let diagram = lower(&trees[0], &mut diagnostics).diagram;
    let json = serde_json::to_string(&diagram).expect("plain data");
    let read: diagram_core::Diagram = serde_json::from_str(&json).expect("it is read back");
    assert_eq!(read, diagram);
    for levels in [26, 60] {
        let said = keeps(&nested(levels));
        let message = "layers are nested deeper than 24 levels [D0001]";
        assert_eq!(said, message, "{levels}");
    }
    assert!(!keeps(&nested(600)).is_empty());
}

/// A chain of what keeps `[batch, 8]`.
fn tree() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(&["relu", "linear(8)", "tanh", "flatten", "dropout(rate)"][..]);
    leaf.prop_map(str::to_owned)
        .prop_recursive(4, 24, 4, |inner| {
            let chain = prop::collection::vec(inner, 1..4).prop_map(|parts| parts.join(" >> "));
            (chain, 0..4_usize).prop_map(|(chain, kind)| match kind {
                0 => format!("residual({chain})"),
                1 => format!("repeat(depth, {chain})"),
                2 => format!("repeat(3, {chain})"),
                _ => format!("({chain})"),
            })
        })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn trees_of_what_keeps_the_shape_keep_it(chain in tree()) {
        prop_assert_eq!(keeps(&chain), "", "{}", chain);
    }
}
