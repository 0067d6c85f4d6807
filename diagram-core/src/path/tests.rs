use std::collections::HashSet;

use super::*;

fn apply(paths: &mut Paths, morphism: usize, argument: Path) -> Path {
    paths.intern(Term::Apply(
        MorphismId(morphism),
        vec![argument],
        Draw::default(),
    ))
}

#[test]
fn equal_terms_are_one_path() {
    let mut paths = Paths::default();
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let first = apply(&mut paths, 0, datum);
    assert_eq!(apply(&mut paths, 0, datum), first);
    assert_ne!(apply(&mut paths, 1, datum), first);
}

#[test]
fn a_composite_is_unfolded_at_its_arguments() {
    let mut paths = Paths::default();
    let input = paths.intern(Term::Input(0));
    let inner = apply(&mut paths, 0, input);
    let body = apply(&mut paths, 1, inner);
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let unfolded = paths.substitute(body, &[datum]);
    let by_hand = apply(&mut paths, 0, datum);
    assert_eq!(unfolded, apply(&mut paths, 1, by_hand));
    assert_eq!(paths.substitute(body, &[input]), body);
}

#[test]
fn again_is_a_new_draw_of_every_application_and_keeps_apart_what_was() {
    let mut paths = Paths::default();
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let once = apply(&mut paths, 0, datum);
    let after = apply(&mut paths, 1, once);
    let [after_2, once_2] = paths.again(&[after, once])[..] else {
        panic!("two paths");
    };
    assert_eq!(paths.term(after_2).parts(), [once_2]);
    assert_eq!(paths.term(once_2).parts(), [datum]);
    let [once_3] = paths.again(&[once])[..] else {
        panic!("one path");
    };
    let all = HashSet::from([once, once_2, once_3]);
    assert_eq!(all.len(), 3, "each `again` is a draw of its own");
    let apart = paths.again(&[once, once_2, once_3, datum]);
    assert_eq!(apart[3], datum);
    let all: HashSet<_> = all.into_iter().chain(apart).collect();
    assert_eq!(all.len(), 3 + 3 + 1);
}

#[test]
fn the_body_of_a_power_is_its_own_and_is_drawn_again_with_it() {
    let mut paths = Paths::default();
    let input = paths.intern(Term::Input(0));
    let step = apply(&mut paths, 0, input);
    let power = |step: Path, argument: Path| {
        let times = Dim::symbol("n");
        let body = vec![step];
        Term::Power(Power { body, times }, vec![argument])
    };
    let body = paths.intern(power(step, input));
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let first = apply(&mut paths, 1, datum);
    // In a composite only its argument is replaced.
    let there = paths.substitute(body, &[first]);
    assert_eq!(*paths.term(there), power(step, first));
    assert_eq!(
        paths.applied_within(&[there]),
        [MorphismId(1), MorphismId(0)]
    );
    let [again] = paths.again(&[there])[..] else {
        panic!("one path");
    };
    let Term::Power(anew, arguments) = paths.term(again).clone() else {
        panic!("a power");
    };
    assert_ne!((anew.body[0], arguments[0]), (step, first));
    assert_eq!(paths.term(anew.body[0]).parts(), [input]);
    assert_eq!(paths.again(&[input]), [input]);
}

#[test]
fn arguments_come_before_their_users_however_deep() {
    let mut paths = Paths::default();
    let mut end = paths.intern(Term::Datum(DatumId(0)));
    for morphism in 0..100_000 {
        end = apply(&mut paths, morphism, end);
    }
    let order = paths.within(&[end]);
    assert_eq!(order.len(), 100_001);
    assert!(order.is_sorted());
}

#[test]
fn paths_that_are_read_go_on_as_they_were() {
    let mut paths = Paths::default();
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let once = apply(&mut paths, 0, datum);
    let anew = paths.again(&[once]);
    let times = Dim::symbol("n");
    let body = vec![once];
    let power = Term::Power(Power { body, times }, anew.clone());
    let power = paths.intern(power);
    let text = serde_json::to_string(&paths).expect("paths are data");
    let mut read: Paths = serde_json::from_str(&text).expect("paths");
    assert_eq!(read, paths);
    assert_eq!(read.unfolded(), paths.unfolded());
    for index in 0..paths.len() {
        let path = Path(index);
        assert_eq!(read.intern(paths.term(path).clone()), path);
    }
    assert_eq!(read.again(&[power]), paths.again(&[power]));
    assert_eq!(read, paths);
}

#[test]
fn terms_in_another_order_are_no_paths() {
    for (terms, error) in [
        (r#"{"Stop":0}"#, "at term 0: path 0 does not stand before"),
        (
            r#"{"Datum":0},{"Datum":0}"#,
            "at term 1: this path stands before already, as path 0",
        ),
        (
            r#"{"Datum":0},{"Apply":[0,[0],3]}"#,
            "at term 1: there is no draw 3",
        ),
    ] {
        let read = serde_json::from_str::<Paths>(&format!(r#"{{"terms":[{terms}]}}"#));
        let found = read.expect_err(error).to_string();
        assert!(found.starts_with(error), "{found}");
    }
}

/// The body of each power has that of the one before, so all of them together have half the square of them.
#[test]
fn too_many_terms_are_found_on_the_way() {
    let powers = (0..100_000).map(|last| {
        let body = vec![Path(last)];
        let times = Dim::symbol("n");
        Term::Power(Power { body, times }, vec![Path(last)])
    });
    let terms = std::iter::once(Term::Input(0)).chain(powers).collect();
    let found = Paths::of_terms(terms).expect_err("too many terms");
    assert!(found.0 < 200, "{found:?}");
    assert_eq!(found.1, Untidy::Many);
    let data = (0..=MAX_TERMS).map(|index| Term::Datum(DatumId(index)));
    let found = Paths::of_terms(data.collect()).expect_err("too many terms");
    assert_eq!(found, (MAX_TERMS, Untidy::Many));
}
