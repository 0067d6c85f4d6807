//! Laws that hold of random dims.

use diagram_core::dim::{Comparison, Dim, Op, Positivity};
use diagram_core::dim::{compare, positivity, proposal, simplify};
use proptest::prelude::*;

use crate::{conv, dim, named, transposed, value};

/// Every assignment of 1 to `side` to `h`, `w` and `c`.
fn cube(side: u64) -> impl Iterator<Item = Vec<(String, u64)>> {
    (0..side.pow(3)).map(move |at| {
        let (h, w, c) = (at % side, at / side % side, at / side / side);
        named(&[("h", h + 1), ("w", w + 1), ("c", c + 1)])
    })
}

/// Small dims over at most three symbols, divided by constants only.
fn small_dim() -> impl Strategy<Value = Dim> {
    let leaf = prop_oneof![
        (0..7_u64).prop_map(Dim::Literal),
        prop::sample::select(vec!["h", "h", "w", "c"]).prop_map(Dim::symbol),
    ];
    leaf.prop_recursive(4, 16, 2, |inner| {
        let ring = prop::sample::select(vec![Op::Add, Op::Sub, Op::Mul]);
        let divide = prop::sample::select(vec![Op::Div, Op::Rem]);
        prop_oneof![
            3 => (ring, inner.clone(), inner.clone()).prop_map(|(op, left, right)| Dim::binary(op, left, right)),
            2 => (divide, inner, 1..6_u64).prop_map(|(op, left, right)| Dim::binary(op, left, Dim::Literal(right))),
        ]
    })
}

/// Up to five convolutions, pools and transposed convolutions of `h`.
fn chain() -> impl Strategy<Value = Dim> {
    let layer = (any::<bool>(), 1..5_u64, 1..4_u64, 0..2_u64);
    prop::collection::vec(layer, 0..6).prop_map(|layers| {
        layers
            .into_iter()
            .fold(Dim::symbol("h"), |side, (up, kernel, stride, padding)| {
                let layer = if up { transposed } else { conv };
                layer(&side, kernel, stride, padding)
            })
    })
}

/// The dim written otherwise: at each operation, the next choice picks a law to apply.
fn rewritten(dim: &Dim, choices: &mut impl Iterator<Item = u8>) -> Dim {
    let Dim::Binary(op, left, right) = dim else {
        return dim.clone();
    };
    let (left, right) = (rewritten(left, choices), rewritten(right, choices));
    let op_of = Dim::binary;
    let three = || Dim::Literal(3);
    match (op, choices.next().unwrap_or(0) % 3, &left, &right) {
        (Op::Add | Op::Mul, 1, ..) => op_of(*op, right, left),
        (Op::Mul, 2, Dim::Binary(Op::Add, first, second), _) => {
            let first = op_of(Op::Mul, (**first).clone(), right.clone());
            op_of(Op::Add, first, op_of(Op::Mul, (**second).clone(), right))
        }
        (Op::Sub, 1, ..) => op_of(
            Op::Sub,
            op_of(Op::Add, left, three()),
            op_of(Op::Add, three(), right),
        ),
        (Op::Div, 1, ..) => {
            let scaled = op_of(Op::Add, op_of(Op::Mul, left, three()), Dim::Literal(2));
            op_of(Op::Div, scaled, op_of(Op::Mul, three(), right))
        }
        (Op::Div, 2, ..) => {
            let more = op_of(Op::Add, left, op_of(Op::Mul, three(), right.clone()));
            op_of(Op::Sub, op_of(Op::Div, more, right), three())
        }
        (Op::Rem, 1, ..) => {
            let whole = op_of(Op::Mul, op_of(Op::Div, left.clone(), right.clone()), right);
            op_of(Op::Sub, left, whole)
        }
        (Op::Rem, 2, ..) => op_of(
            Op::Rem,
            op_of(Op::Add, left, op_of(Op::Mul, three(), right.clone())),
            right,
        ),
        _ => op_of(*op, left, right),
    }
}

/// Fails where the comparison of two dims contradicts their values.
fn check(left: &Dim, right: &Dim) -> Result<Comparison, TestCaseError> {
    let comparison = compare(left, right);
    match &comparison {
        Comparison::Equal => {
            for values in cube(10) {
                prop_assert_eq!(
                    value(left, &values),
                    value(right, &values),
                    "at {:?}",
                    values
                );
            }
            let far = named(&[("h", 97), ("w", 211), ("c", 30)]);
            prop_assert_eq!(value(left, &far), value(right, &far));
        }
        Comparison::Different {
            witness,
            left: at_left,
            right: at_right,
        } => {
            prop_assert_ne!(at_left, at_right);
            prop_assert_eq!(value(left, witness), Some(*at_left));
            prop_assert_eq!(value(right, witness), Some(*at_right));
        }
        Comparison::Unknown => {}
    }
    let mirrored = match compare(right, left) {
        Comparison::Different {
            witness,
            left,
            right,
        } => Comparison::Different {
            witness,
            left: right,
            right: left,
        },
        same => same,
    };
    prop_assert_eq!(&comparison, &mirrored);
    if let Some((symbol, modulus)) = proposal(left, right) {
        prop_assert!(!matches!(
            comparison,
            Comparison::Equal | Comparison::Unknown
        ));
        for mut values in cube(8) {
            for (name, value) in &mut values {
                *value *= if *name == symbol { modulus } else { 1 };
            }
            prop_assert_eq!(
                value(left, &values),
                value(right, &values),
                "{} % {}",
                symbol,
                modulus
            );
        }
    }
    Ok(comparison)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn comparing_small_dims_agrees_with_their_values(left in small_dim(), right in small_dim()) {
        check(&left, &right)?;
    }

    #[test]
    fn comparing_chains_agrees_with_their_values(left in chain(), right in chain()) {
        prop_assert_ne!(check(&left, &right)?, Comparison::Unknown);
    }

    #[test]
    fn laws_do_not_change_a_dim(dim in small_dim(), choices in prop::collection::vec(any::<u8>(), 16)) {
        let other = rewritten(&dim, &mut choices.into_iter());
        let comparison = check(&dim, &other)?;
        prop_assert!(!matches!(comparison, Comparison::Different { .. }), "{} and {}", dim, other);
    }

    #[test]
    fn a_step_away_is_different(dim in small_dim(), step in 1..4_u64) {
        let other = Dim::binary(Op::Add, dim.clone(), Dim::Literal(step));
        let different = matches!(compare(&dim, &other), Comparison::Different { .. });
        prop_assert!(different);
    }

    #[test]
    fn simplifying_keeps_the_value_and_ends(dim in prop_oneof![small_dim(), chain()]) {
        let simple = simplify(&dim);
        prop_assert_eq!(&simplify(&simple), &simple);
        prop_assert_eq!(compare(&dim, &simple), Comparison::Equal);
        for values in cube(7) {
            prop_assert_eq!(value(&dim, &values), value(&simple, &values), "{}", simple);
        }
    }

    #[test]
    fn positivity_agrees_with_the_values(dim in prop_oneof![small_dim(), chain()]) {
        match positivity(&dim) {
            Positivity::Always => {
                for values in cube(8) {
                    prop_assert!(value(&dim, &values) > Some(0), "{}", dim);
                }
            }
            Positivity::Sometimes { witness, value: at } => {
                prop_assert!(at <= 0);
                prop_assert_eq!(value(&dim, &witness), Some(at));
            }
            Positivity::Never { witness, value: at } => {
                prop_assert_eq!(value(&dim, &witness), Some(at));
                for values in cube(8) {
                    prop_assert!(value(&dim, &values) <= Some(0), "{}", dim);
                }
            }
            Positivity::Unknown => {
                for values in cube(8) {
                    prop_assert!(value(&dim, &values) > Some(0), "{}", dim);
                }
            }
        }
    }

    #[test]
    fn the_text_of_a_dim_reads_back(written in small_dim()) {
        prop_assert_eq!(dim(&written.to_string()), written);
    }

    #[test]
    fn a_dim_survives_json(dim in small_dim()) {
        let json = serde_json::to_string(&dim).unwrap();
        prop_assert_eq!(serde_json::from_str::<Dim>(&json).unwrap(), dim);
    }
}
