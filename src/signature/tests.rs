use diagram_core::Dim as Written;
use diagram_core::dim::{Comparison, Op, compare};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::*;

const B: Dim = ("`b`", &[('s', 0)]);
const ONE: Dim = ("1", &[('n', 1)]);
const TEN: Dim = ("10", &[('n', 10)]);
const TWELVE: Dim = ("12", &[('n', 12)]);
const HALF: Dim = ("`side / 2`", &[('/', 0), ('s', 1), ('n', 2)]);
const SIDE: Dim = ("`side`", &[('s', 1)]);
const H: Dim = ("`h`", &[('s', 1)]);
const LESS: Dim = ("`h - 1`", &[('-', 0), ('s', 1), ('n', 1)]);
const FOUR: Fact = ('>', SIDE.1, &[('n', 4)]);
const BATCH: Dim = ("`batch`", &[('s', 0)]);

/// `teacher: Image --> Logits` of these ends, over `batch` and `side`.
const fn drawn(ends: Ends, facts: &'static [Fact]) -> Drawn {
    Drawn {
        morphism: "teacher",
        method: "forward",
        text: "as drawn",
        objects: [&["Image"], &["Logits"]],
        ends,
        grid: 2,
        facts,
        symbols: &[("batch", BATCH.1), ("side", SIDE.1)],
    }
}

const fn stated(typed: bool, ends: Ends) -> Stated {
    (typed, "as stated", &["b", "h"], ends)
}

fn said(drawn: &Drawn, stated: Stated) -> Option<String> {
    let message = disagreement(drawn, Some(stated), &mut { STEPS });
    message.map(|message| message.as_str().to_owned())
}

fn text(first: &str, notes: &[&str]) -> String {
    let shapes = ["drawn  : as drawn", "stated : as stated"];
    let notes = shapes
        .iter()
        .chain(notes)
        .map(|note| format!("\n  = note: {note}"));
    format!("{first} [D0319]\n{}", notes.collect::<String>())
}

#[test]
fn what_agrees_or_is_not_stated_is_silent() {
    const DRAWN: Drawn = drawn([&[('F', &[BATCH, ONE])], &[('F', &[BATCH, TEN])]], &[]);
    const SAID: Option<Message> = disagreement(
        &DRAWN,
        Some(stated(true, [&[('F', &[B, ONE])], &[('F', &[B, TEN])]])),
        &mut { STEPS },
    );
    assert!(SAID.is_none());
    assert!(disagreement(&DRAWN, None, &mut { STEPS }).is_none());
}

#[test]
fn numbers_differ_without_a_witness() {
    let drawn = drawn([&[('F', &[BATCH, ONE])], &[('F', &[BATCH, TEN])]], &[]);
    let gives = stated(true, [&[('F', &[B, ONE])], &[('F', &[B, TWELVE])]]);
    let first = "`teacher` ends in `Logits`: axis 1 is 10, but `forward` is stated to give 12";
    assert_eq!(said(&drawn, gives), Some(text(first, &[])));
    let takes = stated(true, [&[('F', &[B, TEN])], &[('F', &[B, TEN])]]);
    let first = "`teacher` takes `Image`: axis 1 is 1, but `forward` is stated to take 10";
    assert_eq!(said(&drawn, takes), Some(text(first, &[])));
}

#[test]
fn symbols_stand_for_what_is_drawn_first() {
    let drawn_ends: Ends = [&[('F', &[BATCH, SIDE])], &[('F', &[BATCH, HALF])]];
    let ends: Ends = [&[('F', &[B, H])], &[('F', &[B, LESS])]];
    let first =
        "`teacher` ends in `Logits`: axis 1 is `side / 2`, but `forward` is stated to give `h - 1`";
    let at = |witness| Some(text(first, &["`h` is `side`", witness]));
    let found = said(&drawn(drawn_ends, &[]), stated(true, ends));
    assert_eq!(found, at("differs at side = 3 (1 is not 2)"));

    // Where `side >= 4` is known, the first three values are none.
    let found = said(&drawn(drawn_ends, &[FOUR]), stated(true, ends));
    assert_eq!(found, at("differs at side = 4 (2 is not 3)"));

    let square: Ends = [&[('F', &[H, H])], &[('F', &[H])]];
    let found = said(
        &drawn([&[('F', &[SIDE, TEN])], &[('F', &[SIDE])]], &[]),
        stated(true, square),
    );
    let first = "`teacher` takes `Image`: axis 1 is 10, but `forward` is stated to take `h`";
    let notes = ["`h` is `side`", "differs at side = 1 (10 is not 1)"];
    assert_eq!(found, Some(text(first, &notes)));
}

#[test]
fn a_size_of_the_modules_own_is_told_by_the_codomain() {
    let drawn_ends: Ends = [
        &[('F', &[BATCH])],
        &[('F', &[BATCH, HALF]), ('F', &[BATCH, TEN])],
    ];
    let ends: Ends = [&[('F', &[B])], &[('F', &[B, H]), ('F', &[B, H])]];
    let mut drawn = drawn(drawn_ends, &[]);
    drawn.objects = [&["Image"], &["Mean", "Spread"]];
    let first = "`teacher` ends in `Spread`: axis 1 is 10, but `forward` is stated to give `h`";
    let notes = ["`h` is `side / 2`", "differs at side = 2 (10 is not 1)"];
    assert_eq!(said(&drawn, stated(true, ends)), Some(text(first, &notes)));
}

#[test]
fn types_are_compared_by_rustc_where_it_sees_them() {
    let ends: Ends = [&[('F', &[BATCH, ONE])], &[('F', &[BATCH])]];
    let other: [(Ends, &str); 3] = [
        (
            [&[('F', &[B])], &[('F', &[B])]],
            "`teacher` takes `Image` of rank 2, but `forward` is stated to take rank 1",
        ),
        (
            [&[('F', &[B, ONE])], &[('I', &[B])]],
            "`teacher` ends in `Logits` of kind Float, but `forward` is stated to give Int",
        ),
        (
            [&[], &[('F', &[B])]],
            "`teacher` takes 1 tensor, but `forward` is stated to take 0",
        ),
    ];
    for (stated_ends, first) in other {
        let drawn = drawn(ends, &[]);
        assert_eq!(
            said(&drawn, stated(false, stated_ends)),
            Some(text(first, &[]))
        );
        assert_eq!(said(&drawn, stated(true, stated_ends)), None);
    }
}

#[test]
fn only_symbols_that_a_dim_depends_on_are_tried_often() {
    // `(h - h) / 2` and `b / 27`: at 54 values of `b`, and at 4 of `h`.
    const NONE: Dim = ("none", &[('/', 0), ('-', 0), ('s', 1), ('s', 1), ('n', 2)]);
    const LATE: Dim = ("late", &[('/', 0), ('s', 0), ('n', 27)]);
    let drawn = drawn([&[('F', &[BATCH, SIDE])], &[('F', &[NONE])]], &[]);
    let stated = stated(true, [&[('F', &[B, H])], &[('F', &[LATE])]]);
    assert!(said(&drawn, stated).is_some_and(|text| text.contains("batch = 27")));
}

#[test]
fn what_takes_too_long_is_left_to_run_time() {
    // Equal on a grid of 1,000,003 values, which is never seen to its end.
    const PERIOD: usize = 1_000_003;
    const SLOW: Dim = ("slow", &[('%', 0), ('s', 1), ('n', PERIOD)]);
    let drawn = drawn([&[('F', &[SIDE])], &[('F', &[SIDE])]], &[]);
    let ends: Ends = [&[('F', &[H])], &[('F', &[SLOW])]];
    assert_eq!(said(&drawn, stated(true, ends)), None);
}

/// A dim over `b` and `h`, of at most so many operations one inside the other.
fn random_dim(rng: &mut StdRng, depth: usize) -> Written {
    if depth == 0 || rng.random_ratio(1, 3) {
        return match rng.random_range(0_u64..8) {
            6 => Written::symbol("b"),
            7 => Written::symbol("h"),
            number => Written::Literal(number),
        };
    }
    let left = random_dim(rng, depth - 1);
    match [Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Rem][rng.random_range(0..5)] {
        op @ (Op::Div | Op::Rem) => {
            Written::binary(op, left, Written::Literal(rng.random_range(1..5)))
        }
        op => Written::binary(op, left, random_dim(rng, depth - 1)),
    }
}

fn code(dim: &Written) -> Vec<(char, usize)> {
    match dim {
        Written::Literal(number) => vec![('n', usize::try_from(*number).expect("small"))],
        Written::Symbol(name) => vec![('s', usize::from(name == "h"))],
        Written::Binary(op, left, right) => {
            let sign = op.symbol().chars().next().expect("a sign");
            [vec![(sign, 0)], code(left), code(right)].concat()
        }
    }
}

fn leaked(dims: Vec<Dim>) -> Ends {
    let (domain, codomain) = dims.leak().split_at(2);
    let (domain, codomain): (&'static [Dim], &'static [Dim]) = (domain, codomain);
    let side = |dims| &*vec![('F', dims)].leak();
    [side(domain), side(codomain)]
}

#[test]
fn dims_are_equal_where_the_core_says_so() {
    let mut rng = StdRng::seed_from_u64(0);
    let mut compared = [0; 2];
    for _ in 0..10_000 {
        let (left, right) = (random_dim(&mut rng, 3), random_dim(&mut rng, 3));
        let dim = |dim: &Written| ("dim", &*code(dim).leak());
        let drawn = drawn(leaked(vec![BATCH, SIDE, dim(&left)]), &[]);
        let stated = stated(true, leaked(vec![B, H, dim(&right)]));
        let mut steps = STEPS;
        let silent = disagreement(&drawn, Some(stated), &mut steps).is_none();
        match compare(&left, &right) {
            Comparison::Equal => {
                assert!(silent, "{left} and {right}");
                compared[0] += 1;
            }
            // What takes more steps is left to run time.
            Comparison::Different { .. } => {
                assert!(!silent || steps == 0, "{left} and {right}");
                compared[1] += 1;
            }
            Comparison::Constant(_) | Comparison::Unknown => {}
        }
    }
    assert!(compared.iter().all(|count| *count > 300), "{compared:?}");
}
