//! What training reaches through a power whose number of applications a hyper-parameter gives.

use diagram_codegen::check;
use diagram_core::Code;

/// The faults of a cell on the results of `turn^n`. Only `f`, which gives the first factor, has weights.
fn faults(turn: &str, cell: &str) -> Vec<String> {
    let diagram = format!(
        "Test(n: usize = 2) {{ dyn batch; data X: [batch, 4]; data Y: [batch, 3]; data Goal: Y; data Aim: X; \
         X --f--> X; Y --g--> Y; X * Y --both--> X * Y; X * Y --turn--> X * Y; \
         f = linear; g = |y| y * 0.5; both = fn own::both; turn = {turn}; {cell} }}"
    );
    let checked = check(&diagram);
    let faults = checked.faults.iter();
    faults.map(|fault| fault.fault.to_string()).collect()
}

#[test]
fn a_result_without_weights_behind_it_is_not_trained() {
    // error: nothing can be trained by `(turn^n).1 ~ Goal` [D0405]
    let found = faults("f * g", "(turn^n).1 ~ Goal;");
    assert_eq!(found.len(), 1, "{found:#?}");
    let [fault] = found.as_slice() else { return };
    assert!(fault.starts_with("nothing can be trained by `(turn^n).1 ~ Goal` [D0405]"));
    assert!(fault.contains("`g` has no weights") && !fault.contains("`f`"));
}

#[test]
fn a_result_is_trained_by_what_an_application_before_gives_it() {
    for (turn, cell) in [
        ("f * g", "(turn^n).0 ~ Aim;"),
        // The second application reads what `f` gave in the first.
        ("both >> (f * g)", "(turn^n).1 ~ Goal;"),
        ("f * g", "f * g >> turn^n ~ (Aim, Goal);"),
    ] {
        let found = faults(turn, cell);
        let untrained = found.iter().any(|fault| fault.contains("D0405"));
        assert!(!untrained, "{turn}; {cell} {found:#?}");
    }
}

/// However powers nest, their bodies are looked at once: each result reads all results of the power inside it.
#[test]
fn nested_powers_of_many_results() {
    let (product, given) = (["X"; 12].join(" * "), ["X"; 12].join(", "));
    let composites = (1..8).map(|level| format!("c{level} = c{}^n >> mix;", level - 1));
    let composites = composites.collect::<Vec<_>>().join(" ");
    let diagram = format!(
        "Test(n: usize = 2) {{ dyn batch; data X: [batch, 4]; {product} --mix--> {product}; \
         mix = fn own::mix; c0 = mix; {composites} (({given}) >> c7^n).3 ~ X; }}"
    );
    let checked = check(&diagram);
    let faults: Vec<_> = checked
        .faults
        .iter()
        .map(|found| found.fault.code)
        .collect();
    assert_eq!(faults, [Code::NothingToTrain]);
}
