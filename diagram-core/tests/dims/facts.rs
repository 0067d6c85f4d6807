//! What facts prove, refute and contradict.

use diagram_core::dim::{Comparison, Dim, Facts, Positivity};

use crate::{conv, dim, fact, facts, keeps, named, transposed, value};

fn equal(stated: &str, left: &str, right: &str) {
    let known = facts(stated);
    assert_eq!(
        known.compare(&dim(left), &dim(right)),
        Comparison::Equal,
        "{left} and {right} where {stated}"
    );
}

#[test]
fn facts_prove_equality() {
    for (stated, left, right) in [
        ("h % 2 == 0", "h / 2 * 2", "h"),
        ("h % 4 == 0", "h / 2 / 2 * 4", "h"),
        ("hidden % heads == 0", "heads * (hidden / heads)", "hidden"),
        ("hidden % heads == 0", "hidden % heads", "0"),
        (
            "hidden % (2 * heads) == 0",
            "hidden / heads / 2 * 2",
            "hidden / heads",
        ),
        (
            "hidden % (heads + 1) == 0",
            "hidden / (heads + 1) * (heads + 1)",
            "hidden",
        ),
        ("d == heads * width", "d / heads", "width"),
        ("heads * width == d", "d % width", "0"),
        ("h == 3", "h + 1", "4"),
        ("2 * h == 3 * w", "h % 3", "0"),
        ("2 * h == 3 * w", "w / 2 * 3", "h"),
        ("h - 1 == 2 * w", "h / 2", "w"),
        ("w == h - 2", "h", "w + 2"),
        ("h % 4 == 1", "(h + 3) / 4 * 4 - 3", "h"),
        ("(h - 1) % 2 == 0", "(h + 1) / 2 * 2 - 1", "h"),
        ("h * h % 8 == 1", "h / 2 * 2 + 1", "h"),
        ("h % 2 == 0, h % 3 == 0", "h / 6 * 6", "h"),
        ("h % 2 == 1, h % 3 == 1", "h / 6 * 6 + 1", "h"),
        ("h % 2 == 0, h % 3 == 0, h >= 3", "h / 6 * 6", "h"),
        ("1 >= h", "h", "1"),
        ("h >= w, w >= h", "h", "w"),
        // Facts that no substitution says are divided out, with their multiples.
        ("a * b == c * d", "batch * a * b", "batch * c * d"),
        ("a * b % c == 0", "a * b / c * c", "a * b"),
        (
            "hidden % heads == 1",
            "heads * (hidden / heads) + 1",
            "hidden",
        ),
        (
            "hidden % heads == 0, hidden % 2 == 0",
            "hidden / 2 * 2",
            "hidden",
        ),
        (
            "hidden % 2 == 0, hidden % heads == 0",
            "heads * (hidden / heads)",
            "hidden",
        ),
        ("h / 1000003 == h / 1000033", "h / 1000033", "h / 1000003"),
    ] {
        equal(stated, left, right);
        let mut turned: Vec<_> = stated.split(", ").collect();
        turned.reverse();
        equal(&turned.join(", "), left, right);
    }
}

#[test]
fn counterexamples_keep_to_the_facts_and_speak_of_the_users_symbols() {
    for (stated, left, right, explanation) in [
        (
            "h % 2 == 0",
            "h / 4 * 4",
            "h",
            "differs at h = 2 (0 is not 2)",
        ),
        ("h >= 3", "h / 2 * 2", "h", "differs at h = 3 (2 is not 3)"),
        (
            "h % 2 == 0, h >= 3",
            "h / 4 * 4",
            "h",
            "differs at h = 6 (4 is not 6)",
        ),
        (
            "a * b == c * d",
            "a",
            "c",
            "differs at a = 1, b = 2, c = 2, d = 1 (1 is not 2)",
        ),
        ("10 >= h", "h", "3", "differs at h = 1 (1 is not 3)"),
        (
            "d == 3 * w - 5",
            "d",
            "w",
            "differs at d = 1, w = 2 (1 is not 2)",
        ),
        ("h % 2 == 0", "w", "1", "differs at w = 2 (2 is not 1)"),
    ] {
        let (known, left, right) = (facts(stated), dim(left), dim(right));
        let comparison = known.compare(&left, &right);
        assert_eq!(comparison.explanation(), explanation, "{stated}");
        let Comparison::Different { witness, .. } = comparison else {
            panic!("{left} and {right}")
        };
        assert!(keeps(&known, &witness));
        assert_ne!(value(&left, &witness), value(&right, &witness));
    }
    // No counterexample is found that keeps to the fact: nothing is claimed.
    let known = facts("h * h == 49");
    assert_eq!(known.compare(&dim("h"), &dim("7")), Comparison::Unknown);
}

#[test]
fn facts_bound_dims() {
    for (stated, written, expected) in [
        ("h >= 3", "h - 2", Positivity::Always),
        ("h >= 2", "h / 2", Positivity::Always),
        ("h / 2 / 2 >= 1", "(h - 2) / 2", Positivity::Always),
        ("h >= w", "h - w + 1", Positivity::Always),
        ("2 * h >= w", "2 * h - w + 1", Positivity::Always),
        ("10 >= h", "20 - h", Positivity::Always),
        ("hidden % heads == 0", "hidden / heads", Positivity::Always),
        (
            "h % 2 == 0",
            "h - 4",
            Positivity::Sometimes {
                witness: named(&[("h", 2)]),
                value: -2,
            },
        ),
        (
            "h == w",
            "h - w",
            Positivity::Never {
                witness: named(&[("h", 1), ("w", 1)]),
                value: 0,
            },
        ),
    ] {
        let positivity = facts(stated).positivity(&dim(written));
        assert_eq!(positivity, expected, "{written} where {stated}");
    }
}

#[test]
fn facts_that_cannot_hold_are_found() {
    for (stated, core) in [
        ("h == 3, h == 4", &[0, 1][..]),
        ("w >= 2, h % 2 == 1, h >= 2, h % 2 == 0", &[1, 3]),
        ("h % 2 == 0, h == 2 * w + 1", &[0, 1]),
        ("h >= 11, 10 >= h", &[0, 1]),
        ("h >= w, w >= c, c >= h + 1", &[0, 1, 2]),
        ("h % 2 == 3", &[0]),
        ("h == 0", &[0]),
        ("2 * h == 7", &[0]),
        ("3 == 4", &[0]),
        ("w == h, h == h + 1", &[1]),
    ] {
        let given = stated.split(", ").map(fact).collect();
        assert_eq!(
            Facts::new(given).map_err(Some),
            Err(Some(core.to_vec())),
            "{stated}"
        );
    }
}

#[test]
fn facts_that_say_nothing_are_implied_by_none() {
    for (stated, says_nothing) in [
        ("h >= 1", true),
        ("h * w >= 1", true),
        ("h + 1 == 1 + h", true),
        ("(h * h + h) % 2 == 0", true),
        ("4 >= 4", true),
        ("h >= 2", false),
        ("h % 2 == 0", false),
    ] {
        assert_eq!(
            Facts::default().imply(&fact(stated)),
            says_nothing,
            "{stated}"
        );
    }
    assert!(facts("h % 6 == 0").imply(&fact("h % 3 == 0")));
}

#[test]
fn proposals_settle_what_they_are_made_for() {
    let proposal = |stated: &str, left: &Dim, right: &Dim| {
        let known = facts(stated);
        let proposed = known.proposal(left, right);
        let all = [known.given(), &proposed].concat();
        if !proposed.is_empty() {
            let settled = Facts::new(all)
                .expect("no contradiction")
                .compare(left, right);
            assert_eq!(settled, Comparison::Equal, "{left} and {right}");
        }
        let texts: Vec<_> = proposed.iter().map(ToString::to_string).collect();
        texts.join(", ")
    };
    for (stated, left, right, proposed) in [
        (
            "",
            "heads * (hidden / heads)",
            "hidden",
            "hidden % heads == 0",
        ),
        ("", "hidden % heads", "0", "hidden % heads == 0"),
        ("", "64 % parts", "0", "64 % parts == 0"),
        ("", "(h + 1) / 2 * 2", "h + 1", "h % 2 == 1"),
        (
            "",
            "h / 2 * 2 * (w / 3 * 3)",
            "h * w",
            "h % 2 == 0, w % 3 == 0",
        ),
        ("", "heads * width", "hidden", "hidden == heads * width"),
        (
            "",
            "h / 1000003",
            "h / 1000033",
            "h / 1000003 == h / 1000033",
        ),
        ("h % 2 == 0", "h / 4 * 4", "h", "h % 4 == 0"),
        ("h % 2 == 1", "h / 2 * 2", "h", ""),
        ("", "batch", "seq", ""),
        ("", "hidden", "64", ""),
        ("", "h", "h + 1", ""),
        ("", "h", "h", ""),
    ] {
        assert_eq!(
            proposal(stated, &dim(left), &dim(right)),
            proposed,
            "{left} and {right}"
        );
    }
    // Three halvings, and three doublings by transposed convolutions that undo them at 1 modulo 8.
    let down = (0..3).fold(Dim::symbol("h"), |side, _| conv(&side, 3, 2, 1));
    let up = (0..3).fold(down, |side, _| transposed(&side, 3, 2, 1));
    assert_eq!(proposal("", &up, &dim("h")), "h % 8 == 1");
}

#[test]
fn facts_survive_json() {
    let known = facts("h % 2 == 0, w >= h");
    let json = serde_json::to_string(&known).unwrap();
    assert!(json.contains("\"relation\":\">=\""), "{json}");
    assert_eq!(serde_json::from_str::<Facts>(&json).unwrap(), known);
}
