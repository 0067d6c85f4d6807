use super::*;
use crate::diagram::{Datum, Definition, Hyper, HyperType, Morphism, Object};
use crate::path::{Draw, Term};
use crate::shape::Shape;

fn object(name: &str) -> Object {
    Object {
        name: name.to_owned(),
        shape: Shape::float(Vec::new()),
        default_loss: None,
    }
}

fn arrow(name: &str, from: ObjectId, to: ObjectId, definition: Definition) -> Morphism {
    Morphism {
        name: name.to_owned(),
        domain: vec![from.into()],
        codomain: vec![to.into()],
        definition,
        frozen: false,
        adapters: None,
        average: None,
        drawn: true,
    }
}

/// A composite of so many applications of one arrow.
fn long(name: &str, applications: usize) -> Diagram {
    let mut diagram = Diagram::default();
    let space = ObjectId(0);
    diagram.objects.push(object(name));
    diagram.data.push(Datum {
        name: name.to_owned(),
        field: name.to_owned(),
        space: space.into(),
    });
    let function = Definition::Function("crate::step".into());
    diagram.morphisms.push(arrow(name, space, space, function));
    let mut end = diagram.paths.intern(Term::Input(0));
    for _ in 0..applications {
        let term = Term::Apply(MorphismId(0), vec![end], Draw::default());
        end = diagram.paths.intern(term);
    }
    let composite = Definition::Composite {
        text: name.to_owned(),
        paths: vec![end],
    };
    diagram.morphisms.push(arrow(name, space, space, composite));
    diagram
}

#[test]
fn paths_are_compared_however_long() {
    let compare = || {
        let (one, other) = (long("one", 19_000), long("other", 19_000));
        assert_eq!(same_up_to_renaming(&one, &other), Ok(true));
        assert_eq!(same_up_to_renaming(&one, &long("one", 18_999)), Ok(false));
    };
    let thread = std::thread::Builder::new().stack_size(512 * 1024);
    let done = thread.spawn(compare).expect("a thread").join();
    assert!(done.is_ok(), "the walk takes a deep stack");
}

/// So many arrows that are alike, between objects of their own, and a hyper-parameter with this default.
fn alike(arrows: usize, default: &str) -> Diagram {
    let mut diagram = Diagram::default();
    for index in 0..arrows {
        let ends = [ObjectId(2 * index), ObjectId(2 * index + 1)];
        diagram.objects.extend(ends.map(|_| object("x")));
        let function = Definition::Function("crate::step".into());
        diagram
            .morphisms
            .push(arrow("f", ends[0], ends[1], function));
    }
    diagram.hypers.push(Hyper {
        name: "hidden".to_owned(),
        ty: HyperType::Size,
        default: Some(default.into()),
    });
    diagram
}

#[test]
fn a_search_that_is_too_long_is_no_answer() {
    // All orders of the arrows are tried before the hyper-parameter.
    assert_eq!(renaming(&alike(4, "1"), &alike(4, "2")), Ok(None));
    assert_eq!(renaming(&alike(20, "1"), &alike(20, "2")), Err(Undecided));
    let found = renaming(&alike(2_000, "1"), &alike(2_000, "1"));
    assert!(matches!(found, Ok(Some(_))));
}

#[test]
fn what_was_tried_in_vain_is_forgotten() {
    // The first arrow is no loop, so it is not the first of the others, which is one.
    let mut one = alike(2, "1");
    one.morphisms[1].codomain = one.morphisms[1].domain.clone();
    let mut other = alike(2, "1");
    other.morphisms[0].codomain = other.morphisms[0].domain.clone();
    let found = renaming(&one, &other)
        .expect("an answer")
        .expect("a renaming");
    assert_eq!(found.morphisms, [1, 0].map(MorphismId));
    assert_eq!(found.objects[..3], [2, 3, 0].map(ObjectId));
}
