//! The comparison of two parts with everything that they name. The pairs found on the way are kept.

use crate::cell::{Cell, FunctionArgument, Measure, Weight};
use crate::diagram::{Adapters, Average, Definition, Diagram, Morphism, Object};
use crate::dim::{Dim, Fact};
use crate::path::{Multiple, Path, Term};
use crate::scalar::{Scalar, Snippet};
use crate::shape::{Product, Shape};
use crate::space::Space;

use super::matching::{Kind, Matching};

mod calls;

impl Matching<'_> {
    /// Whether two parts are alike where each part that they name is one with that of the other.
    pub(super) fn compare(&mut self, kind: Kind, one: usize, other: usize) -> bool {
        let (left, right) = (self.one, self.other);
        match kind {
            Kind::Cell => self.all(&left.cells, &right.cells, one, other, Self::cell),
            Kind::Morphism => self.all(
                &left.morphisms,
                &right.morphisms,
                one,
                other,
                Self::morphism,
            ),
            Kind::Datum => self.all(&left.data, &right.data, one, other, |own, one, other| {
                own.space(&one.space, &other.space)
            }),
            Kind::Object => self.all(&left.objects, &right.objects, one, other, Self::object),
            Kind::Hyper => match (left.hypers.get(one), right.hypers.get(other)) {
                (Some(one), Some(other)) => one.ty == other.ty && one.default == other.default,
                _ => false,
            },
            Kind::Learned => match (left.learned.get(one), right.learned.get(other)) {
                (Some(one), Some(other)) => one.start == other.start,
                _ => false,
            },
            Kind::Generic => match (left.generics.get(one), right.generics.get(other)) {
                // A constant stays as it is; a type stands for a module that is given.
                (Some(one), Some(other)) => {
                    let name = one.name == other.name || !one.is_constant();
                    name && (&one.kind, &one.default) == (&other.kind, &other.default)
                }
                _ => false,
            },
            Kind::Fact => {
                let (left, right) = (left.facts.given(), right.facts.given());
                self.all(left, right, one, other, Self::fact)
            }
            Kind::Path => self.term(left.paths.term(Path(one)), right.paths.term(Path(other))),
            Kind::Dynamic | Kind::Draw => true,
        }
    }

    /// The items at two places of two lists.
    fn all<T>(
        &mut self,
        left: &[T],
        right: &[T],
        one: usize,
        other: usize,
        alike: impl Fn(&mut Self, &T, &T) -> bool,
    ) -> bool {
        match (left.get(one), right.get(other)) {
            (Some(one), Some(other)) => alike(self, one, other),
            _ => false,
        }
    }

    fn list<T>(
        &mut self,
        one: &[T],
        other: &[T],
        alike: impl Fn(&mut Self, &T, &T) -> bool,
    ) -> bool {
        let mut pairs = one.iter().zip(other);
        one.len() == other.len() && pairs.all(|(one, other)| alike(self, one, other))
    }

    fn option<T>(
        &mut self,
        one: Option<&T>,
        other: Option<&T>,
        alike: impl Fn(&mut Self, &T, &T) -> bool,
    ) -> bool {
        match (one, other) {
            (Some(one), Some(other)) => alike(self, one, other),
            (None, None) => true,
            _ => false,
        }
    }

    fn hyper(&mut self, one: &str, other: &str) -> bool {
        let at = |diagram: &Diagram, name: &str| {
            let mut hypers = diagram.hypers.iter();
            hypers.position(|hyper| hyper.name == name)
        };
        match (at(self.one, one), at(self.other, other)) {
            (Some(one), Some(other)) => self.pair(Kind::Hyper, one, other),
            _ => false,
        }
    }

    /// The name of a size: of a dynamic dim, a hyper-parameter, or a constant.
    fn size(&mut self, one: &str, other: &str) -> bool {
        let at = |diagram: &Diagram, name: &str| {
            let mut dynamics = diagram.dynamics.iter();
            dynamics.position(|dynamic| dynamic == name)
        };
        let is_constant =
            |diagram: &Diagram, name: &str| diagram.constants.iter().any(|known| known == name);
        match (at(self.one, one), at(self.other, other)) {
            (Some(one), Some(other)) => self.pair(Kind::Dynamic, one, other),
            (None, None) if is_constant(self.one, one) => {
                one == other && is_constant(self.other, other)
            }
            (None, None) => self.hyper(one, other),
            _ => false,
        }
    }

    fn dim(&mut self, one: &Dim, other: &Dim) -> bool {
        match (one, other) {
            (Dim::Literal(one), Dim::Literal(other)) => one == other,
            (Dim::Symbol(one), Dim::Symbol(other)) => self.size(one, other),
            (Dim::Binary(op, left, right), Dim::Binary(other, first, second)) => {
                op == other && self.dim(left, first) && self.dim(right, second)
            }
            _ => false,
        }
    }

    fn shape(&mut self, one: &Shape, other: &Shape) -> bool {
        one.kind == other.kind && self.list(&one.dims, &other.dims, Self::dim)
    }

    fn object(&mut self, one: &Object, other: &Object) -> bool {
        let losses = (one.default_loss.as_ref(), other.default_loss.as_ref());
        self.shape(&one.shape, &other.shape) && self.option(losses.0, losses.1, Self::measure)
    }

    fn product(&mut self, one: &Product, other: &Product) -> bool {
        self.list(&one.0, &other.0, Self::shape)
    }

    fn space(&mut self, one: &Space, other: &Space) -> bool {
        self.pair(Kind::Object, one.object.0, other.object.0)
            && self.list(&one.dims, &other.dims, |own, one, other| {
                own.size(&one.0, &other.0) && own.dim(&one.1, &other.1)
            })
    }

    fn fact(&mut self, one: &Fact, other: &Fact) -> bool {
        one.relation == other.relation
            && self.dim(&one.left, &other.left)
            && self.dim(&one.right, &other.right)
    }

    fn ty(&mut self, one: &Snippet, other: &Snippet) -> bool {
        let at = |diagram: &Diagram, ty: &Snippet| {
            let mut generics = diagram.generics.iter();
            generics.position(|generic| !generic.is_constant() && *ty == generic.name.as_str())
        };
        match (at(self.one, one), at(self.other, other)) {
            (Some(one), Some(other)) => self.pair(Kind::Generic, one, other),
            (None, None) => one == other,
            _ => false,
        }
    }

    fn scalar(&mut self, one: &Scalar, other: &Scalar) -> bool {
        match (one, other) {
            (Scalar::Hyper(one), Scalar::Hyper(other)) => self.hyper(one, other),
            (Scalar::Learned(one), Scalar::Learned(other)) => {
                self.pair(Kind::Learned, one.0, other.0)
            }
            (one, other) => one == other,
        }
    }

    fn morphism(&mut self, one: &Morphism, other: &Morphism) -> bool {
        (one.frozen, one.drawn) == (other.frozen, other.drawn)
            && self.list(&one.domain, &other.domain, Self::space)
            && self.list(&one.codomain, &other.codomain, Self::space)
            && self.option(
                one.adapters.as_ref(),
                other.adapters.as_ref(),
                Self::adapters,
            )
            && self.option(one.average.as_ref(), other.average.as_ref(), Self::average)
            && self.definition(&one.definition, &other.definition)
    }

    fn adapters(&mut self, one: &Adapters, other: &Adapters) -> bool {
        one.quantized == other.quantized
            && self.dim(&one.rank, &other.rank)
            && self.option(one.alpha.as_ref(), other.alpha.as_ref(), Self::scalar)
    }

    fn average(&mut self, one: &Average, other: &Average) -> bool {
        self.pair(Kind::Morphism, one.of.0, other.of.0) && self.scalar(&one.decay, &other.decay)
    }

    fn definition(&mut self, one: &Definition, other: &Definition) -> bool {
        match (one, other) {
            (Definition::Layers { steps, .. }, Definition::Layers { steps: others, .. }) => {
                self.list(steps, others, Self::step)
            }
            (
                Definition::Parameter { initializer, .. },
                Definition::Parameter {
                    initializer: other, ..
                },
            ) => self.option(initializer.as_ref(), other.as_ref(), Self::call),
            (
                Definition::Module { ty, config },
                Definition::Module {
                    ty: other,
                    config: configured,
                },
            ) => config == configured && self.ty(ty, other),
            (
                Definition::Method { of, method },
                Definition::Method {
                    of: other,
                    method: called,
                },
            ) => method == called && self.pair(Kind::Morphism, of.0, other.0),
            (Definition::Composite { paths, .. }, Definition::Composite { paths: others, .. }) => {
                self.paths(paths, others)
            }
            (one, other) => one == other,
        }
    }

    fn path(&mut self, one: Path, other: Path) -> bool {
        self.pair(Kind::Path, one.0, other.0)
    }

    fn paths(&mut self, one: &[Path], other: &[Path]) -> bool {
        self.list(one, other, |own, one, other| own.path(*one, *other))
    }

    fn term(&mut self, one: &Term, other: &Term) -> bool {
        match (one, other) {
            (Term::Datum(one), Term::Datum(other)) => self.pair(Kind::Datum, one.0, other.0),
            (Term::Apply(id, parts, first), Term::Apply(other, others, second)) => {
                let draws = match (first.0, second.0) {
                    (0, 0) => true,
                    (0, _) | (_, 0) => false,
                    (one, other) => self.pair(Kind::Draw, one, other),
                };
                draws && self.pair(Kind::Morphism, id.0, other.0) && self.paths(parts, others)
            }
            (Term::Factor(path, position), Term::Factor(other, at)) => {
                position == at && self.path(*path, *other)
            }
            (Term::Power(power, parts), Term::Power(other, others)) => {
                self.dim(&power.times, &other.times)
                    && self.paths(&power.body, &other.body)
                    && self.paths(parts, others)
            }
            (Term::Stop(one), Term::Stop(other)) => self.path(*one, *other),
            (Term::Scale(path, multiple), Term::Scale(other, multiplied)) => {
                self.multiple(multiple, multiplied) && self.path(*path, *other)
            }
            (Term::Number(path, filled), Term::Number(other, value)) => {
                filled == value && self.path(*path, *other)
            }
            (one, other) => one == other,
        }
    }

    fn multiple(&mut self, one: &Multiple, other: &Multiple) -> bool {
        one.negative == other.negative && self.scalar(&one.of, &other.of)
    }

    fn cell(&mut self, one: &Cell, other: &Cell) -> bool {
        one.role == other.role
            && one.name.is_some() == other.name.is_some()
            && self.paths(&one.ends, &other.ends)
            && self.measure(&one.loss, &other.loss)
            && self.weight(&one.weight, &other.weight)
            && self.option(one.mask.as_ref(), other.mask.as_ref(), |own, one, other| {
                own.path(one.path, other.path)
            })
    }

    fn weight(&mut self, one: &Weight, other: &Weight) -> bool {
        match (one, other) {
            (Weight::Scalar(one), Weight::Scalar(other)) => self.scalar(one, other),
            (Weight::Path(one), Weight::Path(other)) => self.path(one.path, other.path),
            (Weight::Learned(one), Weight::Learned(other)) => {
                self.pair(Kind::Learned, one.0, other.0)
            }
            _ => false,
        }
    }

    fn measure(&mut self, one: &Measure, other: &Measure) -> bool {
        match (one, other) {
            (Measure::Loss(one), Measure::Loss(other)) => self.call(one, other),
            (
                Measure::Function {
                    function,
                    arguments,
                },
                Measure::Function {
                    function: other,
                    arguments: given,
                },
            ) => {
                function == other
                    && self.option(arguments.as_ref(), given.as_ref(), |own, one, other| {
                        own.list(one, other, Self::given)
                    })
            }
            (one, other) => one == other,
        }
    }

    fn given(&mut self, one: &FunctionArgument, other: &FunctionArgument) -> bool {
        match (one, other) {
            (FunctionArgument::Scalar(one), FunctionArgument::Scalar(other)) => {
                self.scalar(one, other)
            }
            (FunctionArgument::List(one), FunctionArgument::List(other)) => {
                self.list(one, other, Self::given)
            }
            (one, other) => one == other,
        }
    }
}
