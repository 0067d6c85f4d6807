//! Worked cases.

use diagram_core::dim::{Comparison, Dim, Facts, Op, Positivity};
use diagram_core::dim::{compare, positivity, simplify};

use crate::{conv, dim, named, transposed};

/// The facts proposed for two dims, as text.
fn proposal(left: &Dim, right: &Dim) -> String {
    let facts = Facts::default().proposal(left, right);
    let facts: Vec<_> = facts.iter().map(ToString::to_string).collect();
    facts.join(", ")
}

fn different(values: &[(&str, u64)], left: i128, right: i128) -> Comparison {
    Comparison::Different {
        witness: named(values),
        left,
        right,
    }
}

#[test]
fn equal_dims_are_proved_equal() {
    for (left, right) in [
        ("(h + 2 - 3) / 2 + 1", "(h + 1) / 2"),
        ("((h - 2) / 2 + 1 - 2) / 2 + 1", "h / 4"),
        ("(2 * h + 4) / 4", "(h + 2) / 2"),
        ("h / 2 + (h + 1) / 2", "h"),
        ("h * (h + 1) / 2 * 2", "h * (h + 1)"),
        ("1 * 8 * 8", "64"),
        ("h - h", "0"),
        ("w * h + h", "h * (1 + w)"),
        ("h / 3 * 3 + h % 3", "h"),
        ("(h % 2) * (h % 2)", "h % 2"),
        ("(h + 6) % 3", "h % 3"),
        ("(h * h + h + 1) % 2", "1"),
        ("heads * (hidden / heads) + 1", "1 + hidden / heads * heads"),
    ] {
        assert_eq!(
            compare(&dim(left), &dim(right)),
            Comparison::Equal,
            "{left} and {right}"
        );
        assert_eq!(
            compare(&dim(right), &dim(left)),
            Comparison::Equal,
            "{right} and {left}"
        );
        assert_eq!(proposal(&dim(left), &dim(right)), "");
    }
}

#[test]
fn three_halving_convolutions_of_two_sides_are_one_eighth_of_each() {
    let halved = |name: &str| (0..3).fold(Dim::symbol(name), |side, _| conv(&side, 3, 2, 1));
    let left = Dim::binary(Op::Mul, Dim::symbol("c"), halved("h"));
    let left = Dim::binary(Op::Mul, left, halved("w"));
    assert_eq!(
        compare(&left, &dim("c * ((h + 7) / 8) * ((w + 7) / 8)")),
        Comparison::Equal
    );
    assert_eq!(
        simplify(&left).to_string(),
        "c * ((h + 7) / 8) * ((w + 7) / 8)"
    );
}

#[test]
fn different_dims_differ_at_a_witness() {
    for (left, right, expected, explanation, fact) in [
        (
            "h / 2 * 2",
            "h",
            different(&[("h", 1)], 0, 1),
            "differs at h = 1 (0 is not 1)",
            "h % 2 == 0",
        ),
        (
            "h / 2 / 2 * 2 * 2",
            "h",
            different(&[("h", 1)], 0, 1),
            "differs at h = 1 (0 is not 1)",
            "h % 4 == 0",
        ),
        ("10", "12", different(&[], 10, 12), "10 is not 12", ""),
        ("2 * 5", "12", different(&[], 10, 12), "10 is not 12", ""),
        (
            "h / 2",
            "w / 2",
            different(&[("h", 1), ("w", 2)], 0, 1),
            "differs at h = 1, w = 2 (0 is not 1)",
            "",
        ),
        (
            "c + h",
            "c + 1",
            different(&[("c", 1), ("h", 2)], 3, 2),
            "differs at c = 1, h = 2 (3 is not 2)",
            "",
        ),
        (
            "c * (h / 3 * 3)",
            "c * h",
            different(&[("c", 1), ("h", 1)], 0, 1),
            "differs at c = 1, h = 1 (0 is not 1)",
            "h % 3 == 0",
        ),
        (
            "h / 6",
            "2 * (h / 3) / 3",
            different(&[("h", 9)], 1, 2),
            "differs at h = 9 (1 is not 2)",
            "",
        ),
    ] {
        let (left, right) = (dim(left), dim(right));
        let comparison = compare(&left, &right);
        assert_eq!(comparison, expected, "{left} and {right}");
        assert_eq!(comparison.explanation(), explanation);
        assert_eq!(proposal(&left, &right), fact, "{left} and {right}");
    }
}

#[test]
fn upsampling_undoes_pooling_of_multiples() {
    let pooled = |levels: usize| (0..levels).fold(Dim::symbol("h"), |side, _| conv(&side, 2, 2, 0));
    for (levels, modulus) in [(1, 2), (2, 4), (5, 32)] {
        let up = (0..levels).fold(pooled(levels), |side, _| transposed(&side, 2, 2, 0));
        assert_eq!(compare(&up, &dim("h")), different(&[("h", 1)], 0, 1));
        assert_eq!(proposal(&up, &dim("h")), format!("h % {modulus} == 0"));
    }
}

#[test]
fn what_is_not_decided_is_unknown() {
    for (left, right) in [
        ("heads * (hidden / heads)", "hidden"),
        ("h / 0", "h"),
        ("h % (1 - 2)", "0"),
        // Agree up to 1000002, beyond the budget.
        ("h / 1000003", "h / 1000033"),
    ] {
        assert_eq!(
            compare(&dim(left), &dim(right)),
            Comparison::Unknown,
            "{left} and {right}"
        );
        assert_eq!(
            compare(&dim(right), &dim(left)),
            Comparison::Unknown,
            "{right} and {left}"
        );
    }
    let power = (0..9).fold(dim("h + 1"), |power, _| {
        Dim::binary(Op::Mul, power.clone(), power)
    });
    assert_eq!(compare(&power, &dim("h")), Comparison::Unknown);
    assert_eq!(Comparison::Unknown.explanation(), "not known to be equal");
}

#[test]
fn large_dims_end() {
    let name = |letter: &str, index: u32| Dim::symbol(format!("{letter}{index}"));
    let sums = (0..30).map(|index| Dim::binary(Op::Add, name("a", index), name("b", index)));
    let product = sums
        .reduce(|all, sum| Dim::binary(Op::Mul, all, sum))
        .unwrap();
    let more = Dim::binary(Op::Add, product.clone(), Dim::Literal(1));
    assert_eq!(compare(&product, &product.clone()), Comparison::Equal);
    assert_eq!(compare(&product, &more), Comparison::Unknown);
    assert_eq!(simplify(&product), product);
    assert_eq!(positivity(&product), Positivity::Unknown);
    // Written out, each remainder would double.
    let remainders = |from: u64| {
        (0..40).fold(Dim::symbol("h"), |sum, index| {
            let tripled = Dim::binary(Op::Mul, Dim::Literal(3), sum);
            Dim::binary(Op::Rem, tripled, Dim::Literal(from + 2 * index))
        })
    };
    assert_ne!(compare(&remainders(5), &remainders(7)), Comparison::Equal);
    assert_eq!(simplify(&remainders(5)), remainders(5));
    // A sum of many symbols against another: found without all of the grid.
    let sum = |size: u32| {
        let symbols = (0..size).map(|index| name("a", index));
        symbols
            .reduce(|all, symbol| Dim::binary(Op::Add, all, symbol))
            .unwrap()
    };
    assert!(matches!(
        compare(&sum(40), &sum(41)),
        Comparison::Different {
            left: 40,
            right: 41,
            ..
        }
    ));
    let deep = (0..20_000).fold(Dim::symbol("h"), |sum, _| {
        Dim::binary(Op::Add, sum, Dim::Literal(1))
    });
    assert_eq!(compare(&deep, &dim("h")), Comparison::Unknown);
}

#[test]
fn simple_dims_read_as_a_person_writes_them() {
    for (written, simple) in [
        ("1 * 8 * 8", "64"),
        ("1 + 2 * hidden", "2 * hidden + 1"),
        ("hidden + 1 + hidden", "2 * hidden + 1"),
        ("(h + 2 - 3) / 2 + 1", "(h + 1) / 2"),
        ("(h - 3) / 2 + 1", "(h + 1) / 2 - 1"),
        ("((h - 2) / 2 + 1 - 2) / 2 + 1", "h / 4"),
        ("h + 1 - 3", "h - 2"),
        ("3 - h", "3 - h"),
        ("0 - h + w", "w - h"),
        ("2 - 3", "2 - 3"),
        ("1 - h - h - 3", "1 - h - h - 3"),
        ("h - h", "0"),
        ("h - h + 1 * w", "w"),
        ("h * 16 * 1", "16 * h"),
        ("width * height * 1", "width * height"),
        ("(h / 2) * 2", "2 * (h / 2)"),
        ("h % 2", "h % 2"),
        ("(h + 1) * (w + 1)", "(h + 1) * (w + 1)"),
        ("(hidden + 0) / heads", "hidden / heads"),
        ("h / 0", "h / 0"),
        ("18446744073709551615 + 1", "18446744073709551615 + 1"),
    ] {
        assert_eq!(simplify(&dim(written)).to_string(), simple, "{written}");
    }
}

#[test]
fn positivity_is_proved_or_refuted_by_a_value() {
    let sometimes = |values: &[(&str, u64)], value| Positivity::Sometimes {
        witness: named(values),
        value,
    };
    let never = |values: &[(&str, u64)], value| Positivity::Never {
        witness: named(values),
        value,
    };
    for (written, expected) in [
        ("28", Positivity::Always),
        ("2 * h + 1", Positivity::Always),
        ("(h + 1) / 2", Positivity::Always),
        ("h * w - h + 1", Positivity::Always),
        ("h % 3 + 1", Positivity::Always),
        ("h - h / 2", Positivity::Always),
        ("hidden / heads + 1", Positivity::Always),
        ("0", never(&[], 0)),
        ("2 - 3", never(&[], -1)),
        ("h - h", never(&[("h", 1)], 0)),
        ("1 - h", never(&[("h", 1)], 0)),
        ("h - 2", sometimes(&[("h", 1)], -1)),
        ("h / 2", sometimes(&[("h", 1)], 0)),
        ("h % 3", sometimes(&[("h", 3)], 0)),
        ("100 - h", sometimes(&[("h", 100)], 0)),
        ("h - w", sometimes(&[("h", 1), ("w", 1)], 0)),
        (
            "hidden / heads",
            sometimes(&[("heads", 2), ("hidden", 1)], 0),
        ),
        ("1000000 - h", Positivity::Unknown),
        ("h / 0", Positivity::Unknown),
        ("1 / (h - 2) + 5", Positivity::Unknown),
    ] {
        assert_eq!(positivity(&dim(written)), expected, "{written}");
    }
    assert_eq!(positivity(&dim("h - 2")).explanation(), "is -1 at h = 1");
    assert_eq!(positivity(&dim("2 - 3")).explanation(), "is -1");
}
