//! Constants: what is proved of them, and what is left to rustc.

use diagram_core::dim::{Comparison, Facts};
use proptest::prelude::*;

use crate::laws::{cube, small_dim};
use crate::{dim, fact, facts, holds, value};

/// Facts of diagrams with these hyper-parameters and dynamic dims; all other symbols are constants.
fn over(stated: &str, variables: &[&str]) -> Facts {
    facts(stated).over(variables.iter().map(ToString::to_string).collect())
}

fn compare(stated: &str, left: &str, right: &str) -> Comparison {
    over(stated, &["batch", "hidden", "heads"]).compare(&dim(left), &dim(right))
}

#[test]
fn what_holds_for_all_values_is_proved() {
    for (stated, left, right) in [
        ("", "4 * SIDE * SIDE", "SIDE * 4 * SIDE"),
        (
            "",
            "crate::SIDE / 2 + ( crate::SIDE + 1 ) / 2",
            "crate::SIDE",
        ),
        ("WIDTH % HEADS == 0", "HEADS * ( WIDTH / HEADS )", "WIDTH"),
        ("WIDTH % heads == 0", "heads * ( WIDTH / heads )", "WIDTH"),
        ("WIDTH == 10", "WIDTH", "10"),
    ] {
        assert_eq!(
            compare(stated, left, right),
            Comparison::Equal,
            "{left}, {right}"
        );
    }
}

#[test]
fn what_differs_by_constants_alone_is_left_to_rustc() {
    for (stated, left, right, left_to_rustc) in [
        ("", "CLASSES", "12", "CLASSES == 12"),
        ("", "SIDE / 2 * 2", "SIDE", "SIDE / 2 * 2 == SIDE"),
        ("", "A / B", "C", "A / B == C"),
        ("WIDTH % HEADS == 0", "WIDTH", "12", "WIDTH == 12"),
        // What is the same on both sides falls away, and what facts say of the rest is put in.
        ("", "hidden + WIDTH", "hidden + 10", "WIDTH == 10"),
        ("hidden == 4 * WIDTH", "hidden", "SIDE", "4 * WIDTH == SIDE"),
    ] {
        let expected = Comparison::Constant(fact(left_to_rustc));
        assert_eq!(compare(stated, left, right), expected, "{left}, {right}");
    }
}

#[test]
fn values_that_rustc_alone_knows_refute_nothing() {
    for (stated, left, right) in [
        ("", "hidden * WIDTH", "hidden * 10"),
        ("", "WIDTH", "hidden"),
        ("WIDTH % heads == 0", "WIDTH + hidden", "64 + heads"),
    ] {
        assert_eq!(
            compare(stated, left, right),
            Comparison::Unknown,
            "{left}, {right}"
        );
    }
    for (stated, left, right) in [
        ("", "WIDTH + 1", "WIDTH"),
        ("", "hidden * WIDTH + 1", "WIDTH * hidden"),
        ("", "hidden + WIDTH", "hidden * 2 + WIDTH"),
        ("WIDTH == 10", "WIDTH", "12"),
    ] {
        let comparison = compare(stated, left, right);
        assert!(
            matches!(comparison, Comparison::Different { .. }),
            "{left}, {right}: {comparison:?}"
        );
    }
}

#[test]
fn the_constants_by_which_two_dims_differ_are_proposed() {
    for (left, right, proposed) in [
        ("hidden * WIDTH", "hidden * 10", "WIDTH == 10"),
        (
            "batch * SIDE * SIDE + hidden",
            "batch * 64 + hidden",
            "SIDE * SIDE == 64",
        ),
    ] {
        let facts = over("", &["batch", "hidden"]);
        let proposal = facts.proposal(&dim(left), &dim(right));
        assert_eq!(proposal, [fact(proposed)], "{left}, {right}");
    }
}

#[test]
fn what_rustc_checks_holds_and_proves_nothing_else() {
    let asked = over("", &["batch"]).asserting(vec![fact("CLASSES == 12"), fact("SIDE - K >= 1")]);
    assert_eq!(
        asked.compare(&dim("12"), &dim("CLASSES")),
        Comparison::Equal
    );
    assert_eq!(
        asked.compare(&dim("CLASSES"), &dim("10")),
        Comparison::Constant(fact("CLASSES == 10"))
    );
    assert_eq!(asked.left_to_rustc(&dim("SIDE - K"), &dim("1")), None);
    let text = serde_json::to_string(&asked).unwrap();
    let back: Facts = serde_json::from_str(&text).unwrap();
    assert_eq!(back.asserted(), asked.asserted());
}

#[test]
fn bounds_of_constants_that_are_not_proved_are_left_to_rustc() {
    let facts = over("SIDE >= 8", &["batch"]);
    let left = |left: &str, right: &str| facts.left_to_rustc(&dim(left), &dim(right));
    assert_eq!(left("K", "1"), None);
    assert_eq!(left("SIDE - 4", "1"), None);
    assert_eq!(left("SIDE - K", "1"), Some(fact("SIDE - K >= 1")));
    assert_eq!(left("SIDE", "K"), Some(fact("SIDE >= K")));
    // Hyper-parameters and dynamic dims are seen to when they have values.
    assert_eq!(left("batch - K", "1"), None);
    assert_eq!(left("3", "1"), None);
}

proptest! {
    /// What is left to rustc speaks of constants alone, and where it holds the two dims are equal.
    #[test]
    fn what_is_left_to_rustc_is_enough(left in small_dim(), right in small_dim()) {
        for variables in [&[][..], &["h"], &["w"], &["h", "c"]] {
            let facts = over("", variables);
            let Comparison::Constant(fact) = facts.compare(&left, &right) else {
                continue;
            };
            prop_assert!(fact.symbols().iter().all(|name| facts.is_constant(name)));
            for values in cube(6).filter(|values| holds(&fact, values)) {
                prop_assert_eq!(value(&left, &values), value(&right, &values), "at {:?}", values);
            }
        }
    }
}
