//! What is left to rustc where dims name constants, and what is not.

use diagram_codegen::diagnostic::Diagnostics;
use diagram_codegen::{lower, syntax};
use diagram_core::Code;

/// What rustc is asked, besides whether every size can be computed, and the faults that the macro finds
/// itself, as text.
fn asked(items: &str) -> (Vec<String>, Vec<String>) {
    let diagram = format!("pub Test(hidden: usize = 8) {{ dyn batch; {items} }}");
    let mut diagnostics = Diagnostics::default();
    let tokens: proc_macro2::TokenStream = diagram.parse().expect("tokens");
    let trees = syntax::parse(tokens, &mut diagnostics);
    let lowered = lower::lower(&trees[0], &mut diagnostics);
    let asked = lowered.assertions.iter().flatten();
    let asked = asked.filter(|one| one.fault.code != Code::DimOverflow);
    let asked = asked.map(|one| format!("{}: {}", one.fact, one.fault.message));
    let faults = diagnostics.faults().iter();
    (
        asked.collect(),
        faults.map(|(_, fault)| fault.to_string()).collect(),
    )
}

/// What rustc is asked of a diagram without faults, besides whether every constant is positive.
fn left(items: &str) -> Vec<String> {
    let (mut asked, faults) = asked(items);
    assert!(faults.is_empty(), "{items}: {faults:#?}");
    asked.retain(|one| !one.contains("a dim is at least 1, but"));
    asked
}

/// A morphism `f` between these shapes.
fn chain(from: &str, to: &str, layers: &str) -> String {
    format!("data In: {from}; Out: {to}; In --f--> Out; f = {layers};")
}

#[test]
fn a_constant_is_positive_and_asked_for_once() {
    let items = chain(
        "[batch, WIDTH]",
        "[batch, WIDTH]",
        "linear(WIDTH) >> linear(sizes::WIDE) >> linear",
    );
    let (asked, faults) = asked(&items);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!(
        asked,
        [
            "WIDTH >= 1: a dim is at least 1, but `WIDTH`",
            "sizes::WIDE >= 1: a dim is at least 1, but `sizes::WIDE`",
        ]
    );
}

#[test]
fn what_is_computed_of_constants_is_not_too_large() {
    let items = chain(
        "[batch, WIDTH]",
        "[batch, 2 * WIDTH]",
        "linear(4 * WIDTH + 1) >> linear(WIDTH) >> linear",
    );
    let diagram = format!("pub Test {{ dyn batch; {items} }}");
    let mut diagnostics = Diagnostics::default();
    let tokens: proc_macro2::TokenStream = diagram.parse().expect("tokens");
    let trees = syntax::parse(tokens, &mut diagnostics);
    let lowered = lower::lower(&trees[0], &mut diagnostics);
    assert!(diagnostics.is_clean(), "{:?}", diagnostics.faults());
    let asked = lowered.assertions.iter().flatten();
    let mut asked: Vec<_> = asked
        .filter(|one| one.fault.code == Code::DimOverflow)
        .map(|one| one.fact.to_string())
        .collect();
    asked.sort();
    asked.dedup();
    let most = "9223372036854775807 >= ";
    assert_eq!(
        asked,
        ["2 * WIDTH", "4 * WIDTH + 1", "WIDTH"].map(|dim| format!("{most}{dim}"))
    );
}

#[test]
fn what_is_proved_is_not_asked() {
    for (from, to, layers) in [
        ("[batch, SIDE, SIDE]", "[batch, SIDE * SIDE]", "flatten"),
        (
            "[batch, WIDTH]",
            "[batch, CLASSES]",
            "linear(2 * WIDTH) >> linear",
        ),
        (
            "[batch, 1, SIDE, SIDE]",
            "[batch, 4, SIDE, SIDE]",
            "conv2d(4, 3, padding = 1)",
        ),
        (
            "[batch, 1, SIDE + 2, SIDE + 2]",
            "[batch, 4, SIDE, SIDE]",
            "conv2d(4, 3)",
        ),
    ] {
        assert_eq!(left(&chain(from, to, layers)), [""; 0], "{layers}");
    }
}

#[test]
fn what_depends_on_constants_alone_is_asked_in_the_words_of_the_fault() {
    for (from, to, layers, expected) in [
        (
            "[batch, 4]",
            "[batch, CLASSES]",
            "linear(12)",
            "CLASSES == 12: `f` ends in `Out`: axis 1 is `CLASSES`, but `linear(12)` gives 12",
        ),
        (
            "[batch, C, 8]",
            "[batch, C, 8]",
            "group_norm(G)",
            "C % G == 0: `num_groups` of `group_norm` is `G`, which does not divide its channels, `C`",
        ),
        (
            "[batch, 64]",
            "[batch, A, B]",
            "reshape[batch, A, B]",
            "64 == A * B: `reshape[batch, A, B]` has `batch * A * B` elements, but is given [batch, 64] with \
             `64 * batch`",
        ),
        (
            "[batch, 4]",
            "[batch, 4]",
            "residual(linear(WIDTH))",
            "4 == WIDTH: `residual` adds [batch, WIDTH] to [batch, 4]: axis 1 is 4, but `linear(WIDTH)` gives \
             `WIDTH`",
        ),
        (
            "[batch, 4]",
            "[batch, 4]",
            "repeat(hidden, linear(WIDTH))",
            "4 == WIDTH: each of `hidden` copies goes from [batch, 4] to [batch, WIDTH]: axis 1 is 4, but \
             `linear(WIDTH)` gives `WIDTH`",
        ),
        (
            "[batch, 4]",
            "[batch, 4]",
            "repeat(DEPTH - 1, relu)",
            "DEPTH - 1 >= 1: `copies` must be at least 1, but is `DEPTH - 1`",
        ),
        (
            "[batch, W, 4]",
            "[batch, 4]",
            "squeeze(1)",
            "W == 1: `squeeze` drops axes of extent 1, but axis 1 of [batch, W, 4] is `W`",
        ),
        (
            "[batch, 1, 8, 8, 8]",
            "[batch, 1, 8, 8, 8]",
            "conv3d(1, kernel = K, padding = same)",
            "K % 2 == 1: `same` padding of `conv3d` takes an odd kernel, but axis 2 has `K`",
        ),
        (
            "[batch, 1, 8]",
            "[batch, 1, 4 + P]",
            "max_pool1d(2, padding = P)",
            "2 >= P + 1: `padding` must be less than the 2 that the kernel covers, but is `P`",
        ),
        (
            "[batch, SIDE]",
            "[batch, 4]",
            "narrow(1, 2, 4)",
            "SIDE >= 6: `narrow(1, 2, 4)` ends at 6, but axis 1 of [batch, SIDE] is `SIDE`",
        ),
        (
            "[batch, SIDE]",
            "[batch, 1]",
            "narrow(1, SIDE - 2, 1)",
            "SIDE - 2 >= 0: `start` must be at least 0, but is `SIDE - 2`",
        ),
    ] {
        let items = chain(from, to, layers);
        assert_eq!(left(&items), [expected], "{layers}");
    }
}

#[test]
fn a_kernel_larger_than_its_input_is_neither_read_as_wrong_nor_accepted() {
    let items = chain(
        "[batch, 1, SIDE, SIDE]",
        "[batch, 8]",
        "conv2d(8, kernel = K) >> mean(3) >> mean(2)",
    );
    assert_eq!(
        left(&items),
        [
            "SIDE >= K: `conv2d(8, kernel = K)` covers `K` on axis 2, but its input [batch, 1, SIDE, SIDE] has \
          `SIDE` there"
        ]
    );
    let items = chain(
        "[batch, 1, SIDE]",
        "[batch, 8]",
        "conv1d(8, 3, stride = STEP) >> mean(2)",
    );
    let asked = left(&items);
    assert!(
        asked[0].starts_with("SIDE >= 3: `conv1d(8, 3, stride = STEP)` covers 3 on axis 2"),
        "{asked:?}"
    );
}

#[test]
fn every_place_that_needs_it_asks() {
    let items = "
        data A, B: Flat;
        Flat: [batch, 4];
        Logits: [batch, CLASSES];
        Flat --f--> Logits <--g-- Flat;
        f = linear(12);
        g = linear(12);
        f(A) ~ g(B);
    ";
    let asked = left(items);
    assert!(
        asked[0].contains("`f` ends in `Logits`") && asked[1].contains("`g` ends in `Logits`"),
        "{asked:?}"
    );
    assert_eq!(asked.len(), 2);
}

#[test]
fn axes_that_disagree_are_asked_each() {
    let items = chain("[batch, A, B]", "[batch, 4, 5]", "relu");
    let facts: Vec<_> = left(&items)
        .iter()
        .map(|one| one.split(':').next().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(facts, ["4 == A", "5 == B"]);
}

#[test]
fn facts_about_constants_are_asked_and_used() {
    let chain = chain(
        "[batch, WIDTH]",
        "[batch, WIDTH]",
        "linear(HEADS * (WIDTH / HEADS))",
    );
    assert_eq!(
        left(&format!("where WIDTH % HEADS == 0; {chain}")),
        ["WIDTH % HEADS == 0: `WIDTH % HEADS == 0` does not hold: `WIDTH`, `HEADS`"]
    );
    // With a hyper-parameter among them they are checked by `init`.
    assert_eq!(
        left("where WIDTH % hidden == 0; data In: [batch, 4]; In --f--> In; f = linear; f ~ In;"),
        [""; 0]
    );
}

#[test]
fn spaces_at_other_sizes_and_losses_ask_too() {
    let items = "
        data Image: [batch, 4];
        Logits: [batch, 10];
        data Few: Logits[batch = WAYS * SHOTS];
        data Many: Logits[batch = 20];
        Image --f--> Logits;
        f = linear;
        g = f;
        f ~ f;
        Few ~ Many;
    ";
    let (asked, _) = asked(items);
    assert!(
        asked
            .iter()
            .any(|one| one.starts_with("WAYS * SHOTS == 20: paths cannot be compared")),
        "{asked:?}"
    );
}

#[test]
fn a_number_is_a_class_whatever_rustc_decides_of_the_arguments() {
    let cell = |by: &str| {
        let f = chain("[batch, 4]", "[batch, CLASSES]", "linear");
        asked(&format!("{f} watch guess: f ~ 0 by {by};"))
    };
    let (asked, faults) = cell("cross_entropy(weights = [1.0, 2.0, 1.0])");
    assert!(faults.is_empty(), "{faults:?}");
    assert!(
        asked
            .iter()
            .any(|one| one.starts_with("CLASSES == 3: `weights` of")),
        "{asked:?}"
    );
    let (asked, faults) = cell("top_k(WAYS - 1)");
    assert!(faults.is_empty(), "{faults:?}");
    assert!(
        asked
            .iter()
            .any(|one| one.starts_with("WAYS - 1 >= 1: `k` must")),
        "{asked:?}"
    );
    // A class is a whole number of any size.
    let f = chain("[batch, 4]", "[batch, 9007199254740993]", "linear");
    let (_, faults) = self::asked(&format!(
        "{f} watch last: f ~ 9007199254740992 by accuracy; watch next: f ~ 9007199254740993 by accuracy;"
    ));
    assert_eq!(
        faults,
        ["9007199254740993 is no class of `f`: they are 0 to 9007199254740992 [D0312]"]
    );
    // What is wrong with an argument is all that is said.
    let (_, faults) = cell("multi_margin(p = 3)");
    assert_eq!(faults, ["`p` of `multi_margin` is 1 or 2, not 3 [D0312]"]);
}

#[test]
fn what_involves_other_symbols_is_an_error_with_the_fact_that_settles_it() {
    let items = chain(
        "[batch, hidden, SIDE, SIDE]",
        "[batch, 64 * hidden]",
        "flatten",
    );
    let (_, faults) = asked(&items);
    assert_eq!(
        faults,
        [
            "`f` ends in `Out`: axis 1 is `64 * hidden`, and `flatten` gives `hidden * SIDE * SIDE`, which is not \
          known to be equal [D0308]\n\n         \
          = note: `Out` : [batch, 64 * hidden]\n         \
          = note: `f`   : [batch, hidden, SIDE, SIDE] -> flatten [batch, hidden * SIDE * SIDE]\n         \
          = help: state what makes them equal: `where SIDE * SIDE == 64;`"
        ]
    );
    let stated = left(&format!("where SIDE * SIDE == 64; {items}"));
    assert_eq!(
        stated,
        ["SIDE * SIDE == 64: `SIDE * SIDE == 64` does not hold: `SIDE`"]
    );
}
