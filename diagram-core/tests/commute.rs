//! The paths that a drawing has, and the pairs of them that must agree, are those of its definition.
//!
//! The reference builds paths from their ends to the data, branch by branch, and knows neither `Paths`
//! nor lengths nor bounds; the search builds them from the data on.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use diagram_core::commute::{MOST_CELLS, Meeting};
use diagram_core::{
    Commuting, Datum, Definition, Diagram, Dim, Kind, Morphism, Object, ObjectId, Path, Paths,
    Shape, Space, Term, check,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A path without sharing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tree {
    Datum(usize),
    /// A factor of an arrow on its arguments.
    Arrow(usize, usize, Vec<Tree>),
}

fn object(index: usize, kind: Kind) -> Object {
    Object {
        name: format!("O{index}"),
        shape: Shape {
            kind,
            dims: vec![Dim::Symbol("n".to_owned())],
        },
        default_loss: None,
    }
}

fn datum(index: usize, object: usize) -> Datum {
    Datum {
        name: format!("D{index}"),
        field: format!("d{index}"),
        space: ObjectId(object).into(),
    }
}

fn arrow(name: String, domain: &[usize], codomain: &[usize], trained: bool) -> Morphism {
    let spaces = |ends: &[usize]| ends.iter().map(|end| ObjectId(*end).into()).collect();
    Morphism {
        name,
        domain: spaces(domain),
        codomain: spaces(codomain),
        definition: Definition::Layers {
            steps: Vec::new(),
            parameters: trained,
        },
        frozen: false,
        adapters: None,
        average: None,
        drawn: true,
    }
}

fn random() -> impl Strategy<Value = Diagram> {
    (1..=4_usize).prop_flat_map(|objects| {
        let kinds = vec(
            prop_oneof![4 => Just(Kind::Float), 1 => Just(Kind::Int)],
            objects,
        );
        let ends = |least: usize| vec(0..objects, least..=2);
        let arrows = vec((ends(0), ends(1), any::<bool>(), 0..10_u8), 0..=6);
        (kinds, vec(0..objects, 1..=3), arrows).prop_map(|(kinds, data, arrows)| {
            let objects = kinds.into_iter().enumerate();
            let data = data.into_iter().enumerate();
            let morphisms = arrows.into_iter().enumerate().map(
                |(index, (domain, codomain, trained, other))| {
                    let mut arrow = arrow(format!("f{index}"), &domain, &codomain, trained);
                    match other {
                        0 => arrow.frozen = true,
                        1 => {
                            arrow.definition = Definition::Composite {
                                text: String::new(),
                                paths: Vec::new(),
                            }
                        }
                        2 => arrow.drawn = false,
                        _ => {}
                    }
                    arrow
                },
            );
            Diagram {
                objects: objects.map(|(index, kind)| object(index, kind)).collect(),
                data: data.map(|(index, object)| datum(index, object)).collect(),
                morphisms: morphisms.collect(),
                ..Diagram::default()
            }
        })
    })
}

/// The reference gives up where there are more.
const MANY: usize = 300;

struct Reference<'d>(&'d Diagram);

impl Reference<'_> {
    fn is_arrow(&self, id: usize) -> bool {
        let morphism = &self.0.morphisms[id];
        morphism.drawn && !matches!(morphism.definition, Definition::Composite { .. })
    }

    /// Every path that can stand at an object, where the branch goes on through those `above`, the
    /// last object first. With a length, all that are no longer.
    fn trees(
        &self,
        object: ObjectId,
        above: &[ObjectId],
        length: Option<usize>,
    ) -> Option<Vec<Tree>> {
        let met = length.is_none() && above.contains(&object);
        let data = self.0.data.iter().enumerate();
        let data = data.filter(|(_, datum)| datum.space.object == object);
        let mut found: Vec<Tree> = data.map(|(index, _)| Tree::Datum(index)).collect();
        if met || length == Some(0) {
            // A branch may begin where it ends.
            let round = length.is_some() || above.first() == Some(&object);
            found.retain(|_| round);
            return Some(found);
        }
        let below: Vec<_> = above.iter().copied().chain([object]).collect();
        for (index, morphism) in self.0.morphisms.iter().enumerate() {
            let ends = morphism.codomain.iter().enumerate();
            for (factor, _) in ends.filter(|(_, space)| space.object == object) {
                if !self.is_arrow(index) {
                    continue;
                }
                let mut rows: Vec<Vec<Tree>> = vec![Vec::new()];
                for space in &morphism.domain {
                    let choices = self.trees(space.object, &below, length.map(|left| left - 1))?;
                    let longer = rows.iter().flat_map(|row| {
                        let rows = choices
                            .iter()
                            .map(|choice| [&row[..], std::slice::from_ref(choice)].concat());
                        rows.collect::<Vec<_>>()
                    });
                    rows = longer.collect();
                    if rows.len() > MANY {
                        return None;
                    }
                }
                found.extend(rows.into_iter().map(|row| Tree::Arrow(index, factor, row)));
            }
        }
        (found.len() <= MANY).then_some(found)
    }

    fn data(tree: &Tree, read: &mut Vec<usize>) {
        match tree {
            Tree::Datum(index) if !read.contains(index) => read.push(*index),
            Tree::Datum(_) => {}
            Tree::Arrow(_, _, arguments) => {
                for tree in arguments {
                    Self::data(tree, read);
                }
            }
        }
    }

    fn is_trained(&self, tree: &Tree) -> bool {
        let Tree::Arrow(index, factor, arguments) = tree else {
            return false;
        };
        let morphism = &self.0.morphisms[*index];
        let weights = matches!(
            morphism.definition,
            Definition::Layers {
                parameters: true,
                ..
            }
        );
        let end = self.0.object(morphism.codomain[*factor].object);
        end.shape.kind == Kind::Float
            && (weights && !morphism.frozen || arguments.iter().any(|tree| self.is_trained(tree)))
    }

    fn agree(&self, left: &Tree, right: &Tree) -> bool {
        let mut read = [Vec::new(), Vec::new()];
        Self::data(left, &mut read[0]);
        Self::data(right, &mut read[1]);
        let space = |index: &usize| self.0.data[*index].space.object.0;
        let alike = (0..self.0.objects.len()).all(|object| {
            let [ours, theirs] = read.each_ref().map(|read| {
                let read = read.iter().filter(|index| space(index) == object);
                read.collect::<Vec<_>>()
            });
            ours.is_empty() || theirs.is_empty() || ours == theirs
        });
        alike && left != right && (self.is_trained(left) || self.is_trained(right))
    }
}

fn tree(paths: &Paths, path: Path) -> Tree {
    let (applied, factor) = match paths.term(path) {
        Term::Factor(product, factor) => (*product, *factor),
        _ => (path, 0),
    };
    match paths.term(applied) {
        Term::Datum(datum) => Tree::Datum(datum.0),
        Term::Apply(id, arguments, _) => {
            let arguments = arguments.iter().map(|argument| tree(paths, *argument));
            Tree::Arrow(id.0, factor, arguments.collect())
        }
        other => panic!("{other:?} is nothing that is drawn"),
    }
}

fn commuting(diagram: &Diagram, at: &[ObjectId], within: Option<usize>) -> Commuting {
    Commuting::of(diagram, at, within, &|id| check::is_trainable(diagram, id))
}

/// The arrows of a tree, each application once, as they are evaluated.
fn arrows(tree: &Tree, seen: &mut BTreeSet<(usize, Vec<Tree>)>, order: &mut Vec<usize>) {
    if let Tree::Arrow(index, _, arguments) = tree {
        for argument in arguments {
            arrows(argument, seen, order);
        }
        if seen.insert((*index, arguments.clone())) {
            order.push(*index);
        }
    }
}

proptest! {
    #[test]
    fn paths_and_pairs_are_those_of_the_definition(
        diagram in random(),
        within in proptest::option::of(0..=3_usize),
        one in any::<bool>(),
    ) {
        let reference = Reference(&diagram);
        let at = if one { vec![ObjectId(diagram.objects.len() - 1)] } else { Vec::new() };
        let found = commuting(&diagram, &at, within);
        let all: Vec<_> = (0..diagram.objects.len()).map(ObjectId).collect();
        let objects: Vec<_> = found.ends.iter().map(|end| end.object).collect();
        prop_assert_eq!(&objects, if one { &at } else { &all });
        // Others may be what the search has too much of.
        let everywhere: Option<Vec<_>> = all.iter().map(|id| reference.trees(*id, &[], within)).collect();
        if everywhere.is_some_and(|all| all.iter().map(Vec::len).sum::<usize>() < MANY) {
            prop_assert!(found.complete);
        }
        if !found.complete {
            return Ok(());
        }
        for end in &found.ends {
            let Some(trees) = reference.trees(end.object, &[], within) else { continue };
            let listed: Vec<_> = end.paths.iter().map(|path| tree(&found.paths, *path)).collect();
            let expected: BTreeSet<_> = trees.iter().cloned().collect();
            prop_assert_eq!(expected.len(), trees.len(), "the reference finds each once");
            prop_assert_eq!(listed.len(), trees.len());
            prop_assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), expected);

            // Of two that must agree the earlier one is left, so each pair is there once.
            let mut count = 0;
            for (index, left) in listed.iter().enumerate() {
                for right in &listed[index + 1..] {
                    let pair = [left.clone(), right.clone()];
                    if reference.agree(left, right) {
                        if count < MOST_CELLS {
                            let pairs = end.pairs[count];
                            prop_assert_eq!(pairs.map(|path| tree(&found.paths, path)), pair);
                        }
                        count += 1;
                    }
                }
            }
            prop_assert_eq!(end.count, count);
            prop_assert_eq!(end.pairs.len(), count.min(MOST_CELLS));
            prop_assert_eq!(end.apart.is_empty(), count == listed.len() * listed.len().saturating_sub(1) / 2);
        }
    }

    #[test]
    fn what_is_drawn_earlier_stands_left_and_data_right(diagram in random()) {
        let found = commuting(&diagram, &[], None);
        for end in &found.ends {
            let keys = end.paths.iter().map(|path| {
                let tree = tree(&found.paths, *path);
                let mut order = Vec::new();
                arrows(&tree, &mut BTreeSet::new(), &mut order);
                (matches!(tree, Tree::Datum(_)), order)
            });
            prop_assert!(keys.is_sorted());
        }
    }
}

/// A ladder: two arrows from each object to the next.
fn ladder(steps: usize) -> Diagram {
    let arrows = (0..2 * steps).map(|index| {
        let step = index / 2;
        arrow(format!("f{index}"), &[step], &[step + 1], true)
    });
    Diagram {
        objects: (0..=steps)
            .map(|index| object(index, Kind::Float))
            .collect(),
        data: vec![datum(0, 0)],
        morphisms: arrows.collect(),
        ..Diagram::default()
    }
}

#[test]
fn endlessly_many_paths_take_no_endless_time() {
    let start = Instant::now();
    let tall = ladder(200);
    // Two to the power of 200 paths, then one that doubles its arguments, then one that never ends.
    let mut doubled = ladder(0);
    for index in 0..100 {
        doubled.objects.push(object(index + 1, Kind::Float));
        let name = format!("f{index}");
        doubled
            .morphisms
            .push(arrow(name, &[index, index], &[index + 1], true));
    }
    let mut round = ladder(1);
    round
        .morphisms
        .push(arrow("step".to_owned(), &[1], &[1], true));
    let cases = [(&tall, None), (&doubled, None), (&round, Some(usize::MAX))];
    for (diagram, within) in cases {
        let at = ObjectId(diagram.objects.len() - 1);
        for at in [&[][..], &[at]] {
            let found = commuting(diagram, at, within);
            assert!(!found.complete);
        }
    }
    let seconds = start.elapsed();
    assert!(seconds < Duration::from_secs(20), "{seconds:?}");
    println!("{seconds:?}");
}

#[test]
fn more_cells_than_are_made_are_counted() {
    let found = commuting(&ladder(4), &[], None);
    let paths = |end: &Meeting| end.paths.len();
    assert_eq!(
        found.ends.iter().map(paths).collect::<Vec<_>>(),
        [1, 2, 4, 8, 16]
    );
    assert!(found.complete);
    assert_eq!(found.count(), 1 + 2 * 3 + 4 * 7 + 8 * 15);
    let listed: usize = found.ends.iter().map(|end| end.pairs.len()).sum();
    assert_eq!(listed, 1 + 6 + 28 + MOST_CELLS);
}

#[test]
fn paths_that_end_at_different_dims_are_not_compared() {
    let mut diagram = ladder(1);
    diagram.dynamics = vec!["n".to_owned(), "m".to_owned()];
    diagram.objects.push(object(2, Kind::Float));
    let many = |object: usize| Space {
        object: ObjectId(object),
        dims: vec![("n".to_owned(), Dim::Symbol("m".to_owned()))],
    };
    diagram.data.push(Datum {
        space: many(2),
        ..datum(1, 2)
    });
    diagram
        .morphisms
        .push(arrow("g".to_owned(), &[2], &[1], true));
    let found = commuting(&diagram, &[ObjectId(1)], None);
    let [end] = &found.ends[..] else {
        panic!("one object")
    };
    assert_eq!(end.paths.len(), 3);
    assert_eq!(end.count, 1);
    assert_eq!(
        end.apart.iter().copied().collect::<Vec<_>>(),
        [diagram_core::commute::Apart::Dims]
    );
    let of = |path: Path| tree(&found.paths, path);
    let f = |index| Tree::Arrow(index, 0, vec![Tree::Datum(0)]);
    assert_eq!(end.pairs[0].map(of), [f(0), f(1)]);
}
