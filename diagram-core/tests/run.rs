//! A run of a plan means what recursion means: on random tables of paths, with products, powers and powers within
//! them, both give the same numbers. The run evaluates each path once, where recursion evaluates it as often as it
//! occurs.

use std::collections::HashSet;

use diagram_core::run::run;
use diagram_core::{
    Cell, CellRole, DatumId, Diagram, Dim, Draw, Entry, Filled, Measure, MorphismId, Multiple,
    Number, Path, Paths, Plan, Power, Scalar, Semantics, Term, Weight,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// One more term of a table. Numbers count round the paths that are there already.
#[derive(Clone, Debug)]
enum Growth {
    Apply(usize, Vec<usize>, usize),
    /// A morphism into a product: its factors are further paths.
    Split(usize, usize),
    Stop(usize),
    Scale(usize),
    Number(usize, i64),
    /// A body, of as many results as arguments, so many times.
    Power(Vec<Growth>, Vec<usize>, u64),
}

fn growth() -> impl Strategy<Value = Growth> {
    let at = || 0..100_usize;
    let flat = prop_oneof![
        6 => (0..4_usize, vec(at(), 0..=3), 0..2_usize)
            .prop_map(|(id, arguments, draw)| Growth::Apply(id, arguments, draw)),
        2 => (0..4_usize, at()).prop_map(|(id, argument)| Growth::Split(id, argument)),
        1 => at().prop_map(Growth::Stop),
        1 => at().prop_map(Growth::Scale),
        1 => (at(), -9..9_i64).prop_map(|(like, value)| Growth::Number(like, value)),
    ];
    flat.prop_recursive(2, 12, 4, move |inner| {
        (vec(inner, 1..=4), vec(at(), 1..=2), 0..=3_u64)
            .prop_map(|(body, arguments, times)| Growth::Power(body, arguments, times))
    })
}

const DATA: [u64; 2] = [3, 14];

/// The paths that grow from some leaves, and the leaves, each of one value.
fn grown(paths: &mut Paths, leaves: Vec<Path>, growths: &[Growth]) -> Vec<Path> {
    let mut known = leaves;
    for growth in growths {
        let at = |index: &usize| known[index % known.len()];
        let all = |indices: &[usize]| indices.iter().map(at).collect::<Vec<_>>();
        let (term, factors) = match growth {
            Growth::Apply(id, arguments, draw) => {
                let term = Term::Apply(MorphismId(*id), all(arguments), Draw(*draw));
                (term, 1)
            }
            // Numbers from 10 on end in products.
            Growth::Split(id, argument) => {
                let term = Term::Apply(MorphismId(10 + id), vec![at(argument)], Draw::default());
                (term, 2)
            }
            Growth::Stop(of) => (Term::Stop(at(of)), 1),
            Growth::Scale(of) => {
                let of = at(of);
                let multiple = Multiple {
                    negative: true,
                    of: Scalar::Number(Number::ONE),
                };
                (Term::Scale(of, multiple), 1)
            }
            Growth::Number(like, value) => {
                let number = Filled {
                    value: Entry::Int(*value),
                    without: None,
                };
                (Term::Number(at(like), number), 1)
            }
            Growth::Power(growths, arguments, times) => {
                let arguments = all(arguments);
                let inputs = (0..arguments.len()).map(|input| paths.intern(Term::Input(input)));
                let inputs = inputs.collect();
                let body = grown(paths, inputs, growths);
                let body = body[body.len() - arguments.len()..].to_vec();
                let factors = arguments.len();
                let times = Dim::Literal(*times);
                (Term::Power(Power { body, times }, arguments), factors)
            }
        };
        let path = paths.intern(term);
        match factors {
            1 => known.push(path),
            _ => known.extend((0..factors).map(|at| paths.intern(Term::Factor(path, at)))),
        }
    }
    known
}

/// A table, and cells between its paths.
fn random() -> impl Strategy<Value = Diagram> {
    let cells = vec((0..100_usize, 0..100_usize), 1..=4);
    (vec(growth(), 0..=10), cells).prop_map(|(growths, cells)| {
        let mut paths = Paths::default();
        let data = (0..DATA.len()).map(|datum| paths.intern(Term::Datum(DatumId(datum))));
        let data = data.collect();
        let known = grown(&mut paths, data, &growths);
        // The last paths are the deepest.
        let at = |index: usize| known[known.len() - 1 - index % known.len()];
        let cells = cells.into_iter().map(|(left, right)| Cell {
            name: None,
            text: String::new(),
            ends: vec![at(left), at(right)],
            loss: Measure::Itself,
            limits: Vec::new(),
            weight: Weight::Scalar(Scalar::Number(Number::ONE)),
            mask: None,
            role: CellRole::Trained,
        });
        Diagram {
            cells: cells.collect(),
            paths,
            ..Diagram::default()
        }
    })
}

/// The values of a term whose parts have these, a value per factor; of a power, by its body.
fn value(
    term: Term<Vec<u64>>,
    inputs: &[u64],
    mut body: impl FnMut(&[Path], &[u64]) -> Vec<u64>,
) -> Vec<u64> {
    let one = |part: &Vec<u64>| part[0];
    match term {
        Term::Datum(datum) => vec![DATA[datum.0]],
        Term::Input(position) => vec![inputs[position]],
        Term::Apply(id, arguments, draw) => {
            let seed = (id.0 * 100 + draw.0) as u64;
            let mixed = arguments.iter().map(one).fold(seed, |mixed, argument| {
                let mixed = (mixed ^ argument).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                mixed.rotate_left(29)
            });
            let factors = if id.0 < 10 { 1 } else { 2 };
            (0..factors)
                .map(|factor| mixed.wrapping_add(factor))
                .collect()
        }
        Term::Power(power, arguments) => {
            let Dim::Literal(times) = power.times else {
                panic!("random powers have numbers");
            };
            let mut looped: Vec<_> = arguments.iter().map(one).collect();
            for _ in 0..times {
                looped = body(&power.body, &looped);
            }
            looped
        }
        Term::Factor(product, position) => vec![product[position]],
        // They concern gradients alone.
        Term::Stop(part) | Term::Scale(part, _) => part,
        Term::Number(_, number) => match number.value {
            Entry::Int(value) => vec![value.unsigned_abs()],
            other => panic!("{other:?} is filled in"),
        },
    }
}

fn by_recursion(paths: &Paths, path: Path, inputs: &[u64]) -> Vec<u64> {
    let term = paths
        .term(path)
        .map(|part| by_recursion(paths, *part, inputs));
    let body = |ends: &[Path], inputs: &[u64]| {
        let ends = ends.iter().map(|end| by_recursion(paths, *end, inputs)[0]);
        ends.collect()
    };
    value(term, inputs, body)
}

/// The numbers of a path, for one of its readers.
struct Read {
    path: Path,
    numbers: Vec<u64>,
    last: bool,
}

/// A plan in numbers, with all reads as they come.
struct Numbers<'a> {
    diagram: &'a Diagram,
    inputs: Vec<u64>,
    evaluated: HashSet<Path>,
    reads: Vec<(Path, bool)>,
    cells: Vec<(usize, Vec<Vec<u64>>)>,
}

impl<'a> Numbers<'a> {
    /// Of a plan at these inputs, with its results.
    fn of(diagram: &'a Diagram, plan: &Plan, inputs: &[u64]) -> (Self, Vec<Vec<u64>>) {
        let mut numbers = Numbers {
            diagram,
            inputs: inputs.to_vec(),
            evaluated: HashSet::new(),
            reads: Vec::new(),
            cells: Vec::new(),
        };
        let results = run(diagram, plan, &mut numbers);
        let results = results.iter().map(|read| numbers.read(read)).collect();
        numbers.every_value_is_taken_by_its_last_reader(plan);
        (numbers, results)
    }

    fn read(&mut self, read: &Read) -> Vec<u64> {
        self.reads.push((read.path, read.last));
        read.numbers.clone()
    }

    fn every_value_is_taken_by_its_last_reader(&self, plan: &Plan) {
        let mut left = plan.uses(self.diagram);
        for (path, last) in &self.reads {
            let left = left.get_mut(path).expect("a value that is planned");
            *left -= 1;
            assert_eq!(*left == 0, *last, "a read of {path:?}");
        }
        assert!(left.values().all(|left| *left == 0), "{left:?} are left");
    }
}

impl Semantics for Numbers<'_> {
    type Value = Read;

    fn share(&self, value: &Read) -> Read {
        Read {
            path: value.path,
            numbers: value.numbers.clone(),
            last: false,
        }
    }

    fn value(&mut self, at: Path, term: Term<Read>) -> Read {
        assert!(self.evaluated.insert(at), "{at:?} is evaluated twice");
        let term = term.map(|read| self.read(read));
        let diagram = self.diagram;
        let body = |ends: &[Path], inputs: &[u64]| {
            let (_, results) = Numbers::of(diagram, &Plan::of_paths(diagram, ends), inputs);
            results.iter().map(|result| result[0]).collect()
        };
        Read {
            path: at,
            numbers: value(term, &self.inputs, body),
            last: true,
        }
    }

    fn cell(&mut self, index: usize, values: Vec<Read>) {
        let values = values.iter().map(|read| self.read(read)).collect();
        self.cells.push((index, values));
    }
}

proptest! {
    #[test]
    fn the_cells_of_a_run_are_those_of_recursion(diagram in random()) {
        let plan = Plan::of_cells(&diagram, &diagram.cells);
        let (numbers, results) = Numbers::of(&diagram, &plan, &[]);
        let ends = |cell: &Cell| {
            let ends = cell.ends.iter();
            ends.map(|end| by_recursion(&diagram.paths, *end, &[])).collect::<Vec<_>>()
        };
        let expected = diagram.cells.iter().map(ends).enumerate();
        prop_assert_eq!(numbers.cells, expected.collect::<Vec<_>>());
        prop_assert!(results.is_empty());

        let ends: Vec<Path> = diagram.cells.iter().flat_map(|cell| cell.ends.clone()).collect();
        let needed: HashSet<Path> = diagram.paths.within(&ends).into_iter().collect();
        prop_assert_eq!(numbers.evaluated, needed);
    }

    #[test]
    fn the_results_of_a_run_are_those_of_recursion(diagram in random()) {
        let ends: Vec<Path> = diagram.cells.iter().flat_map(|cell| cell.ends.clone()).collect();
        let (numbers, results) = Numbers::of(&diagram, &Plan::of_paths(&diagram, &ends), &[]);
        let expected = ends.iter().map(|end| by_recursion(&diagram.paths, *end, &[]));
        prop_assert_eq!(results, expected.collect::<Vec<_>>());
        prop_assert!(numbers.cells.is_empty());
    }
}
