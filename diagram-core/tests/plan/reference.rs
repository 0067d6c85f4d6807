//! The reference: random diagrams, and what they mean by naive recursion.

use diagram_core::{
    Cell, CellRole, Datum, DatumId, Definition, Diagram, Draw, Measure, Morphism, MorphismId,
    Number, Object, ObjectId, Path, Paths, Scalar, Shape, Term, Weight,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// A term as written. Numbers count round: a leaf is one of the data (in a composite, of its inputs), a
/// call one of the morphisms (in a composite, of those before it), on as many arguments as it takes.
#[derive(Clone, Debug)]
pub(crate) enum Written {
    Leaf(usize),
    Call(usize, Vec<Written>),
    /// `stop(…)`: the same value.
    Stop(Box<Written>),
}

/// A term with composites unfolded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unfolded {
    Datum(usize),
    Apply(usize, Vec<Unfolded>),
    Stop(Box<Unfolded>),
}

/// A random diagram: morphisms, composites of them, and the ends of cells.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    pub(crate) data: Vec<u64>,
    /// How many arguments each morphism takes, and what makes its function another than the others'.
    pub(crate) morphisms: Vec<(usize, u64)>,
    pub(crate) composites: Vec<(usize, Written)>,
    pub(crate) cells: Vec<(Written, Written)>,
}

pub(crate) const MOST_ARGUMENTS: usize = 2;

pub(crate) fn written(depth: u32) -> impl Strategy<Value = Written> {
    let leaf = (0..8_usize).prop_map(Written::Leaf);
    leaf.prop_recursive(depth, 16, 2, |inner| {
        let call = (0..8_usize, vec(inner.clone(), MOST_ARGUMENTS));
        let stop = inner.prop_map(|term| Written::Stop(Box::new(term)));
        prop_oneof![4 => call.prop_map(|(f, terms)| Written::Call(f, terms)), 1 => stop]
    })
}

pub(crate) fn random() -> impl Strategy<Value = Random> {
    let takes = 1..=MOST_ARGUMENTS;
    (
        vec(any::<u64>(), 1..=3),
        vec((takes.clone(), any::<u64>()), 1..=3),
        vec((takes, written(2)), 0..=2),
        vec((written(3), written(3)), 1..=4),
    )
        .prop_map(|(data, morphisms, composites, cells)| Random {
            data,
            morphisms,
            composites,
            cells,
        })
}

/// A morphism or a composite.
pub(crate) enum Called<'a> {
    Morphism(usize),
    Composite(usize, &'a Written),
}

impl Random {
    /// What a call means where this many composites are known, with its arguments.
    pub(crate) fn called<'a>(
        &'a self,
        known: usize,
        number: usize,
        terms: &'a [Written],
    ) -> (Called<'a>, &'a [Written]) {
        let number = number % (self.morphisms.len() + known);
        match number.checked_sub(self.morphisms.len()) {
            None => (Called::Morphism(number), &terms[..self.morphisms[number].0]),
            Some(composite) => {
                let (takes, body) = &self.composites[composite];
                (Called::Composite(composite, body), &terms[..*takes])
            }
        }
    }

    pub(crate) fn function(&self, morphism: usize, arguments: &[u64]) -> u64 {
        arguments
            .iter()
            .fold(self.morphisms[morphism].1, |mixed, argument| {
                let mixed = (mixed ^ argument).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                mixed.rotate_left(29)
            })
    }

    /// The value of a term by naive recursion.
    pub(crate) fn value(&self, known: usize, inputs: &[u64], term: &Written) -> u64 {
        match term {
            Written::Leaf(number) => inputs[number % inputs.len()],
            Written::Stop(term) => self.value(known, inputs, term),
            Written::Call(number, terms) => {
                let (called, terms) = self.called(known, *number, terms);
                let values = terms.iter().map(|term| self.value(known, inputs, term));
                let values: Vec<_> = values.collect();
                match called {
                    Called::Morphism(morphism) => self.function(morphism, &values),
                    Called::Composite(earlier, body) => self.value(earlier, &values, body),
                }
            }
        }
    }

    pub(crate) fn unfolded(&self, known: usize, inputs: &[Unfolded], term: &Written) -> Unfolded {
        match term {
            Written::Leaf(number) => inputs[number % inputs.len()].clone(),
            Written::Stop(term) => Unfolded::Stop(Box::new(self.unfolded(known, inputs, term))),
            Written::Call(number, terms) => {
                let (called, terms) = self.called(known, *number, terms);
                let terms = terms.iter().map(|term| self.unfolded(known, inputs, term));
                let terms: Vec<_> = terms.collect();
                match called {
                    Called::Morphism(morphism) => Unfolded::Apply(morphism, terms),
                    Called::Composite(earlier, body) => self.unfolded(earlier, &terms, body),
                }
            }
        }
    }

    /// The cells' ends with composites unfolded.
    pub(crate) fn ends(&self) -> Vec<[Unfolded; 2]> {
        let data: Vec<_> = (0..self.data.len()).map(Unfolded::Datum).collect();
        let end = |term| self.unfolded(self.composites.len(), &data, term);
        let cells = self.cells.iter();
        cells.map(|(left, right)| [end(left), end(right)]).collect()
    }

    /// The same as `Paths` has it.
    pub(crate) fn path(
        &self,
        paths: &mut Paths,
        bodies: &[Path],
        inputs: &[Path],
        term: &Written,
    ) -> Path {
        match term {
            Written::Leaf(number) => inputs[number % inputs.len()],
            Written::Stop(term) => {
                let inner = self.path(paths, bodies, inputs, term);
                paths.intern(Term::Stop(inner))
            }
            Written::Call(number, terms) => {
                let (called, terms) = self.called(bodies.len(), *number, terms);
                let mut arguments = Vec::new();
                for term in terms {
                    arguments.push(self.path(paths, bodies, inputs, term));
                }
                match called {
                    Called::Morphism(morphism) => paths.intern(Term::Apply(
                        MorphismId(morphism),
                        arguments,
                        Draw::default(),
                    )),
                    Called::Composite(earlier, _) => paths.substitute(bodies[earlier], &arguments),
                }
            }
        }
    }

    pub(crate) fn diagram(&self) -> Diagram {
        let mut paths = Paths::default();
        let mut bodies = Vec::new();
        for (takes, body) in &self.composites {
            let inputs = (0..*takes).map(|input| paths.intern(Term::Input(input)));
            let inputs: Vec<_> = inputs.collect();
            let body = self.path(&mut paths, &bodies, &inputs, body);
            bodies.push(body);
        }
        let data = (0..self.data.len()).map(|datum| paths.intern(Term::Datum(DatumId(datum))));
        let data: Vec<_> = data.collect();
        let mut cells = Vec::new();
        for (left, right) in &self.cells {
            let left = self.path(&mut paths, &bodies, &data, left);
            let right = self.path(&mut paths, &bodies, &data, right);
            cells.push(Cell {
                name: None,
                text: String::new(),
                ends: vec![left, right],
                loss: Measure::Itself,
                limits: Vec::new(),
                weight: Weight::Scalar(Scalar::Number(Number::ONE)),
                mask: None,
                role: CellRole::Trained,
            });
        }
        let object = ObjectId(0);
        let datum = |number: usize| Datum {
            name: format!("D{number}"),
            field: format!("d{number}"),
            space: object.into(),
        };
        let morphisms = self.morphisms.iter().enumerate();
        let morphisms = morphisms.map(|(number, (takes, _))| Morphism {
            name: format!("f{number}"),
            domain: vec![object.into(); *takes],
            codomain: vec![object.into()],
            definition: Definition::Module {
                ty: "Module".into(),
                config: None,
            },
            frozen: !self.is_trained(number),
            adapters: None,
            average: None,
            drawn: true,
        });
        Diagram {
            objects: vec![Object {
                name: "A".to_owned(),
                shape: Shape::float(Vec::new()),
                default_loss: None,
            }],
            data: (0..self.data.len()).map(datum).collect(),
            morphisms: morphisms.collect(),
            cells,
            paths,
            ..Diagram::default()
        }
    }

    /// Every other one is frozen.
    pub(crate) fn is_trained(&self, morphism: usize) -> bool {
        self.morphisms[morphism].1.is_multiple_of(2)
    }

    /// Whether training moves the value of a term.
    pub(crate) fn is_moved(&self, term: &Unfolded) -> bool {
        match term {
            Unfolded::Datum(_) | Unfolded::Stop(_) => false,
            Unfolded::Apply(morphism, arguments) => {
                self.is_trained(*morphism) || arguments.iter().any(|term| self.is_moved(term))
            }
        }
    }
}
