//! Plans mean what the semantics says: random diagrams, whose morphisms are random functions on
//! integers, have by their plans the values that naive recursion gives.
//!
//! The reference knows neither `Paths` nor `Plan`: it evaluates terms as they are written, composites
//! by their bodies, everything as often as it occurs.

use std::collections::{HashMap, HashSet};

use diagram_core::plan::Action;
use diagram_core::run::run;
use diagram_core::{
    Cell, CellRole, DatumId, Diagram, Draw, Measure, MorphismId, NeedsGrad, Number, Path, Paths,
    Plan, Record, Scalar, Semantics, Term, Weight, check,
};
use proptest::collection::vec;
use proptest::prelude::*;

use reference::{Random, Unfolded, random};

#[path = "plan/reference.rs"]
mod reference;

/// A plan in numbers.
struct Numbers<'a> {
    random: &'a Random,
    evaluated: HashSet<Path>,
    cells: Vec<(usize, Vec<u64>)>,
}

impl Semantics for Numbers<'_> {
    type Value = u64;

    fn share(&self, value: &u64) -> u64 {
        *value
    }

    fn value(&mut self, at: Path, term: Term<u64>) -> u64 {
        assert!(self.evaluated.insert(at), "evaluated twice");
        match term {
            Term::Datum(datum) => self.random.data[datum.0],
            Term::Apply(morphism, arguments, _) => self.random.function(morphism.0, &arguments),
            Term::Stop(value) => value,
            other => panic!("{other:?} is evaluated"),
        }
    }

    fn cell(&mut self, index: usize, values: Vec<u64>) {
        self.cells.push((index, values));
    }
}

/// The terms that gradients reach from an end.
fn reach(term: &Unfolded, reached: &mut HashSet<Unfolded>) {
    if let Unfolded::Apply(_, arguments) = term {
        for term in arguments {
            reach(term, reached);
        }
    }
    reached.insert(term.clone());
}

/// What a path of the table stands for, without sharing.
fn read(paths: &Paths, path: Path) -> Unfolded {
    match paths.term(path) {
        Term::Datum(datum) => Unfolded::Datum(datum.0),
        Term::Apply(morphism, arguments, _) => {
            let arguments = arguments.iter().map(|argument| read(paths, *argument));
            Unfolded::Apply(morphism.0, arguments.collect())
        }
        Term::Stop(inner) => Unfolded::Stop(Box::new(read(paths, *inner))),
        Term::Scale(..) | Term::Number(..) => panic!("no random path has numbers"),
        Term::Factor(..) | Term::Power(..) => panic!("no random morphism ends in a product"),
        Term::Input(position) => panic!("input {position} is left in an unfolded path"),
    }
}

/// Appends the applications that a term needs and that are not there yet: left before right,
/// arguments before the morphism.
fn need(term: &Unfolded, seen: &mut HashSet<Unfolded>, order: &mut Vec<Unfolded>) {
    match term {
        Unfolded::Datum(_) => return,
        Unfolded::Apply(_, arguments) => {
            for argument in arguments {
                need(argument, seen, order);
            }
        }
        Unfolded::Stop(inner) => need(inner, seen, order),
    }
    if seen.insert(term.clone()) {
        order.push(term.clone());
    }
}

proptest! {
    #[test]
    fn the_plan_gives_every_cell_its_values(random in random()) {
        let diagram = random.diagram();
        let plan = Plan::of_cells(&diagram, &diagram.cells);
        let mut numbers = Numbers { random: &random, evaluated: HashSet::new(), cells: Vec::new() };
        run(&diagram, &plan, &mut numbers);
        let naive = |term| random.value(random.composites.len(), &random.data, term);
        let by_recursion = random.cells.iter().map(|(left, right)| vec![naive(left), naive(right)]);
        prop_assert_eq!(numbers.cells, by_recursion.enumerate().collect::<Vec<_>>());
    }

    #[test]
    fn each_application_is_evaluated_once_where_it_is_first_needed(random in random()) {
        let diagram = random.diagram();
        let plan = Plan::of_cells(&diagram, &diagram.cells);
        let applications = plan.actions.iter().filter_map(|action| match action {
            Action::Evaluate(path) => Some(read(&diagram.paths, *path)),
            Action::Cell(..) => None,
        });
        let mut seen = HashSet::new();
        let mut order = Vec::new();
        let mut before_cells = Vec::new();
        for ends in random.ends() {
            for end in &ends {
                need(end, &mut seen, &mut order);
            }
            before_cells.push(order.len());
        }
        prop_assert_eq!(applications.collect::<Vec<_>>(), order);

        // Each cell stands right behind the last application that it is the first to need.
        let mut applied = 0;
        let mut cells = Vec::new();
        for action in &plan.actions {
            match action {
                Action::Evaluate(_) => applied += 1,
                Action::Cell(index, _) => {
                    prop_assert_eq!(*index, cells.len());
                    cells.push(applied);
                }
            }
        }
        prop_assert_eq!(cells, before_cells);
    }

    #[test]
    fn equal_terms_are_equal_paths(random in random()) {
        let diagram = random.diagram();
        let ends: Vec<_> = random.ends().into_iter().flatten().collect();
        let paths: Vec<_> = diagram.cells.iter().flat_map(|cell| cell.ends.clone()).collect();
        for (left, left_path) in ends.iter().zip(&paths) {
            prop_assert_eq!(left, &read(&diagram.paths, *left_path));
            for (right, right_path) in ends.iter().zip(&paths) {
                prop_assert_eq!(left == right, left_path == right_path);
            }
        }
    }

    #[test]
    fn what_is_on_record_is_moved_and_its_gradient_wanted(random in random()) {
        let diagram = random.diagram();
        let plan = Plan::of_cells(&diagram, &diagram.cells);
        let trained = |id| check::is_trainable(&diagram, id);
        let record = Record::of(&diagram, &trained, diagram.cells.iter().map(|cell| (cell, NeedsGrad::Always)));
        let mut reached = HashSet::new();
        for end in random.ends().iter().flatten() {
            reach(end, &mut reached);
        }
        for action in &plan.actions {
            let Action::Evaluate(path) = action else { continue };
            let term = read(&diagram.paths, *path);
            let recorded = random.is_moved(&term) && reached.contains(&term);
            prop_assert_eq!(record.needs_grad(*path) == Some(NeedsGrad::Always), recorded);
        }
    }

    #[test]
    fn a_value_is_recorded_where_a_cell_that_counts_wants_its_gradient(
        random in random(),
        weights in vec(0_u8..4, 8),
    ) {
        let diagram = random.diagram();
        // A weight of 2 is fixed, one of 3 is fixed at 0.
        let weight = |index: usize| weights[index % weights.len()];
        let counts = |index: usize| matches!(weight(index), 1 | 2);
        let cells = diagram.cells.iter().enumerate().map(|(index, cell)| {
            let wanted = match weight(index) {
                2 => NeedsGrad::Always,
                3 => NeedsGrad::Never,
                _ => NeedsGrad::Cell(index),
            };
            (cell, wanted)
        });
        let trained = |id| check::is_trainable(&diagram, id);
        let record = Record::of(&diagram, &trained, cells);
        let mut joined = HashMap::new();
        let holds = |wanted: NeedsGrad, joined: &HashMap<Path, bool>| match wanted {
            NeedsGrad::Never => false,
            NeedsGrad::Always => true,
            NeedsGrad::Cell(index) => counts(index),
            NeedsGrad::Path(path) => joined[&path],
        };
        for (path, readers) in record.joined() {
            let any = readers.iter().any(|reader| holds(*reader, &joined));
            joined.insert(*path, any);
        }
        let mut reached = HashSet::new();
        for (index, ends) in random.ends().iter().enumerate() {
            if counts(index) {
                for end in ends {
                    reach(end, &mut reached);
                }
            }
        }
        for action in &Plan::of_cells(&diagram, &diagram.cells).actions {
            let Action::Evaluate(path) = action else { continue };
            let term = read(&diagram.paths, *path);
            let wanted = record.needs_grad(*path);
            prop_assert_eq!(wanted.is_some(), random.is_moved(&term));
            let recorded = wanted.is_some_and(|wanted| holds(wanted, &joined));
            prop_assert_eq!(recorded, random.is_moved(&term) && reached.contains(&term));
        }
    }

    #[test]
    fn every_value_is_read_as_often_as_the_plan_says(random in random()) {
        let diagram = random.diagram();
        let plan = Plan::of_cells(&diagram, &diagram.cells);
        let mut left = plan.uses(&diagram);
        let mut read = |path: &Path| match left.get_mut(path) {
            Some(uses) if *uses > 0 => { *uses -= 1; true }
            _ => false,
        };
        for action in &plan.actions {
            let values = match action {
                Action::Evaluate(path) => diagram.paths.term(*path).parts(),
                Action::Cell(_, ends) => ends,
            };
            prop_assert!(values.iter().all(&mut read));
        }
        prop_assert!(left.values().all(|uses| *uses == 0));
        for action in &plan.actions {
            if let Action::Evaluate(path) = action {
                prop_assert!(left.contains_key(path), "nothing needs {path:?}");
            }
        }
    }
}

#[test]
fn a_factor_is_no_evaluation_of_its_own() {
    let mut paths = Paths::default();
    let datum = paths.intern(Term::Datum(DatumId(0)));
    let pair = paths.intern(Term::Apply(MorphismId(0), vec![datum], Draw::default()));
    let [first, second] = [0, 1].map(|factor| paths.intern(Term::Factor(pair, factor)));
    let swapped = paths.intern(Term::Apply(
        MorphismId(1),
        vec![second, first],
        Draw::default(),
    ));
    let again = paths.substitute(swapped, &[]);
    assert_eq!(again, swapped, "a path without inputs is itself");
    let cell = |ends: Vec<Path>| Cell {
        name: None,
        text: String::new(),
        ends,
        loss: Measure::Itself,
        weight: Weight::Scalar(Scalar::Number(Number::ONE)),
        mask: None,
        role: CellRole::Trained,
        limits: Vec::new(),
    };
    let cells = [cell(vec![first, swapped]), cell(vec![second, first])];
    let diagram = Diagram {
        paths,
        ..Diagram::default()
    };
    let plan = Plan::of_cells(&diagram, &cells);
    let applied = plan.actions.iter().filter(|action| match action {
        Action::Evaluate(path) => matches!(diagram.paths.term(*path), Term::Apply(..)),
        Action::Cell(..) => false,
    });
    assert_eq!(applied.count(), 2, "{:?}", plan.actions);
    let order = |path| {
        let at = |action: &Action| *action == Action::Evaluate(path);
        plan.actions.iter().position(at)
    };
    assert!(order(pair) < order(first) && order(first) < order(swapped));
}
