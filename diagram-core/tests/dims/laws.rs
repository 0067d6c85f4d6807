//! Laws that hold of random dims.

use diagram_core::dim::{Comparison, Dim, Fact, Facts, Op, Positivity};
use diagram_core::dim::{compare, positivity, simplify};
use proptest::prelude::*;

use crate::{conv, dim, holds, keeps, named, transposed, value};

/// Every assignment of 1 to `side` to `h`, `w` and `c`.
pub(crate) fn cube(side: u64) -> impl Iterator<Item = Vec<(String, u64)>> {
    (0..side.pow(3)).map(move |at| {
        let (h, w, c) = (at % side, at / side % side, at / side / side);
        named(&[("h", h + 1), ("w", w + 1), ("c", c + 1)])
    })
}

/// Small dims over at most three symbols, divided by constants only.
pub(crate) fn small_dim() -> impl Strategy<Value = Dim> {
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

/// Products of chains of `h` and of `w`, as reshapes give them.
fn reshaped() -> impl Strategy<Value = Dim> {
    (chain(), chain(), 1..4_u64).prop_map(|(high, wide, channels)| {
        let wide = wide.substituted(&|_| Some(Dim::symbol("w")));
        let area = Dim::binary(Op::Mul, high, wide);
        Dim::binary(Op::Mul, Dim::Literal(channels), area)
    })
}

/// A fact as users state them, or any at all.
fn any_fact() -> impl Strategy<Value = Fact> {
    let name = || prop::sample::select(vec!["h", "h", "w", "c"]).prop_map(Dim::symbol);
    prop_oneof![
        3 => (name(), 2..7_u64, 0..2_u64)
            .prop_map(|(name, by, rest)| Fact::remainder(name, Dim::Literal(by), rest)),
        1 => (name(), name()).prop_map(|(name, by)| Fact::remainder(name, by, 0)),
        1 => (name(), 1..6_u64).prop_map(|(name, least)| Fact::at_least(name, Dim::Literal(least))),
        1 => (name(), small_dim()).prop_map(|(name, dim)| Fact::equal(name, dim)),
        1 => (small_dim(), small_dim()).prop_map(|(left, right)| Fact::equal(left, right)),
        1 => (small_dim(), small_dim()).prop_map(|(left, right)| Fact::at_least(left, right)),
    ]
}

/// Facts that may contradict each other.
fn some_facts() -> impl Strategy<Value = Vec<Fact>> {
    prop::collection::vec(any_fact(), 1..4)
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
    let comparison = check_under(&Facts::default(), left, right)?;
    prop_assert_eq!(&comparison, &compare(left, right));
    Ok(comparison)
}

/// Fails where the comparison of two dims, or what is proposed for them, contradicts their values where the
/// facts hold.
fn check_under(facts: &Facts, left: &Dim, right: &Dim) -> Result<Comparison, TestCaseError> {
    let comparison = facts.compare(left, right);
    let known = |values: &[(String, u64)]| facts.given().iter().all(|fact| holds(fact, values));
    match &comparison {
        Comparison::Equal => {
            for values in cube(10).filter(|values| known(values)) {
                prop_assert_eq!(
                    value(left, &values),
                    value(right, &values),
                    "at {:?}",
                    values
                );
            }
            let far = named(&[("h", 97), ("w", 211), ("c", 30)]);
            if known(&far) {
                prop_assert_eq!(value(left, &far), value(right, &far));
            }
        }
        Comparison::Different {
            witness,
            left: at_left,
            right: at_right,
        } => {
            prop_assert_ne!(at_left, at_right);
            prop_assert!(keeps(facts, witness), "{:?} at {:?}", facts, witness);
            prop_assert_eq!(value(left, witness), Some(*at_left));
            prop_assert_eq!(value(right, witness), Some(*at_right));
        }
        Comparison::Constant(_) | Comparison::Unknown => {}
    }
    let mirrored = match facts.compare(right, left) {
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
    prop_assert_eq!(&comparison, &mirrored, "{:?} mirrored", facts);
    let proposed = facts.proposal(left, right);
    if !proposed.is_empty() {
        prop_assert_ne!(&comparison, &Comparison::Equal);
        for values in cube(12) {
            let hold = |facts: &[Fact]| facts.iter().all(|fact| holds(fact, &values));
            if hold(&proposed) && hold(facts.given()) {
                let (left, right) = (value(left, &values), value(right, &values));
                prop_assert_eq!(left, right, "{:?} at {:?}", proposed, values);
            }
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
    fn comparing_reshapes_agrees_with_their_values(left in reshaped(), right in reshaped()) {
        check(&left, &right)?;
    }

    #[test]
    fn facts_never_prove_what_is_wrong(
        stated in some_facts(),
        left in prop_oneof![small_dim(), chain(), reshaped()],
        right in prop_oneof![small_dim(), chain(), reshaped()],
    ) {
        if let Ok(facts) = Facts::new(stated) {
            check_under(&facts, &left, &right)?;
        }
    }

    #[test]
    fn facts_that_contradict_each_other_hold_nowhere(stated in some_facts()) {
        if let Err(core) = Facts::new(stated.clone()) {
            prop_assert!(!core.is_empty());
            for values in cube(12) {
                prop_assert!(!core.iter().all(|at| holds(&stated[*at], &values)), "{:?}", values);
            }
        }
    }

    #[test]
    fn positivity_under_facts_agrees_with_the_values(
        stated in some_facts(),
        dim in prop_oneof![small_dim(), chain()],
    ) {
        let Ok(facts) = Facts::new(stated) else { return Ok(()) };
        let known = |values: &[(String, u64)]| facts.given().iter().all(|fact| holds(fact, values));
        let positivity = facts.positivity(&dim);
        if let Positivity::Sometimes { witness, value: at } | Positivity::Never { witness, value: at } =
            &positivity
        {
            prop_assert!(keeps(&facts, witness));
            prop_assert_eq!(value(&dim, witness), Some(*at));
        }
        for values in cube(10).filter(|values| known(values)) {
            let positive = value(&dim, &values) > Some(0);
            prop_assert!(positive || positivity != Positivity::Always, "{} at {:?}", dim, values);
            let never = matches!(positivity, Positivity::Never { .. });
            prop_assert!(!positive || !never, "{} at {:?}", dim, values);
        }
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
