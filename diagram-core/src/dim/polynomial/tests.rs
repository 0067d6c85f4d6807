use super::*;
use crate::dim::MAX_NODES;

fn op(op: Op, left: impl Into<Dim>, right: impl Into<Dim>) -> Dim {
    Dim::binary(op, left.into(), right.into())
}

fn same(left: &Dim, right: &Dim) -> bool {
    let mut atoms = Atoms::default();
    let (left, right) = (atoms.read(left), atoms.read(right));
    left.is_some() && left == right
}

#[test]
fn quotients_follow_three_rules() {
    let (h, w) = (|| Dim::symbol("h"), || Dim::symbol("w"));
    // Multiples of the divisor are taken out.
    let taken = op(Op::Div, op(Op::Add, op(Op::Mul, 5, h()), 7), 4);
    let out = op(
        Op::Add,
        op(Op::Add, h(), 1),
        op(Op::Div, op(Op::Add, h(), 3), 4),
    );
    assert!(same(&taken, &out));
    // A quotient of a quotient is one quotient.
    let nested = op(Op::Div, op(Op::Add, w(), op(Op::Div, h(), 3)), 2);
    let flat = op(Op::Div, op(Op::Add, h(), op(Op::Mul, 3, w())), 6);
    assert!(same(&nested, &flat));
    // What the divisor shares with the dividend cancels.
    let shared = op(Op::Div, op(Op::Add, op(Op::Mul, 6, h()), 5), 4);
    let cancelled = op(Op::Div, op(Op::Add, op(Op::Mul, 3, h()), 2), 2);
    assert!(same(&shared, &cancelled));
    assert!(same(&op(Op::Div, 7, 2), &Dim::Literal(3)));
    assert!(!same(&op(Op::Div, h(), 2), &op(Op::Div, h(), 3)));
}

#[test]
fn a_divisor_is_a_positive_constant_or_nothing_is_known_of_the_quotient() {
    let (h, w) = (|| Dim::symbol("h"), || Dim::symbol("w"));
    for divisor in [Dim::Literal(0), op(Op::Sub, 2, 3), op(Op::Sub, w(), w())] {
        for of in [Op::Div, Op::Rem] {
            assert_eq!(Atoms::default().read(&op(of, h(), divisor.clone())), None);
        }
    }
    assert!(same(
        &op(Op::Div, h(), op(Op::Sub, 4, 2)),
        &op(Op::Div, h(), 2)
    ));
    let quotient = || op(Op::Div, h(), w());
    assert!(same(
        &op(Op::Add, quotient(), 1),
        &op(Op::Add, 1, quotient())
    ));
    let whole = op(Op::Add, op(Op::Mul, w(), quotient()), op(Op::Rem, h(), w()));
    assert!(same(&whole, &h()));
}

#[test]
fn order_does_not_matter_to_equality() {
    let (h, w) = (|| Dim::symbol("h"), || Dim::symbol("w"));
    let product = |left, right| op(Op::Mul, left, right);
    assert!(same(
        &product(product(h(), w()), h()),
        &product(w(), product(h(), h()))
    ));
    let half = |sum| op(Op::Div, sum, 2);
    assert!(same(
        &half(op(Op::Add, h(), w())),
        &half(op(Op::Add, w(), h()))
    ));
}

#[test]
fn what_is_too_large_has_no_normal_form() {
    let squared = |dim: Dim| op(Op::Mul, dim.clone(), dim);
    let large = squared(squared(Dim::Literal(u64::MAX)));
    assert_eq!(Atoms::default().read(&large), None);
    let sum = |size: usize| {
        let symbols = (0..size).map(|index| Dim::symbol(format!("s{index}")));
        symbols
            .reduce(|sum, symbol| op(Op::Add, sum, symbol))
            .unwrap()
    };
    assert!(Atoms::default().read(&sum(MAX_TERMS)).is_some());
    assert_eq!(Atoms::default().read(&sum(MAX_TERMS + 1)), None);
    let ones = |count| (1..count).fold(Dim::Literal(1), |sum, _| op(Op::Add, sum, 1));
    assert_eq!(ones(MAX_NODES / 2).nodes(), MAX_NODES - 1);
    assert!(same(&ones(MAX_NODES / 2), &Dim::Literal(1_000)));
    assert_eq!(Atoms::default().read(&ones(MAX_NODES / 2 + 1)), None);
}
