//! Where paths end, and what is applied within them.

use std::collections::HashMap;
use std::hash::BuildHasher;

use crate::diagram::Diagram;
use crate::dim::{Dim, Op, simplify};
use crate::id::{MorphismId, ObjectId};
use crate::path::{Path, Term};
use crate::shape::Kind;
use crate::space::{Binding, Space};

impl Diagram {
    /// Every application within some paths and the bodies of powers, arguments before what is applied to them,
    /// each with what its dims stand for. `inputs` are the spaces of a composite's inputs.
    ///
    /// # Panics
    ///
    /// If a path or a space is of another diagram.
    #[must_use]
    pub fn applications(&self, ends: &[Path], inputs: &[Space]) -> Vec<Application> {
        let spaces = self.ends_within(ends, inputs);
        let mut found = Vec::new();
        for path in self.paths.within(ends) {
            match self.paths.term(path) {
                Term::Apply(morphism, ..) => found.push(Application {
                    path,
                    morphism: *morphism,
                    binding: self.binding_of(path, &spaces).unwrap_or_default(),
                    times: Dim::Literal(1),
                }),
                Term::Power(power, arguments) => {
                    let inner = self.applications(&power.body, &spaces_of(arguments, &spaces));
                    found.extend(inner.into_iter().map(|one| Application {
                        times: simplify(&Dim::binary(
                            Op::Mul,
                            power.times.clone(),
                            one.times.clone(),
                        )),
                        ..one
                    }));
                }
                _ => {}
            }
        }
        found
    }

    /// What the dims of the morphism that a path applies stand for, by the [`ends_within`](Self::ends_within) of
    /// what it is applied to.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn binding_of(&self, path: Path, spaces: &HashMap<Path, Vec<Space>>) -> Option<Binding> {
        match self.paths.term(path) {
            Term::Apply(morphism, arguments, _) => {
                self.binding(*morphism, &spaces_of(arguments, spaces)).ok()
            }
            _ => None,
        }
    }

    /// The spaces in which paths end, of all within some paths but for the bodies of powers; those of a product,
    /// where an application ends in one. `inputs` are the spaces of a composite's inputs.
    ///
    /// # Panics
    ///
    /// If a path or a space is of another diagram.
    #[must_use]
    pub fn ends_within(&self, ends: &[Path], inputs: &[Space]) -> HashMap<Path, Vec<Space>> {
        let mut spaces: HashMap<Path, Vec<Space>> = HashMap::new();
        for path in self.paths.within(ends) {
            spaces.insert(path, self.ends_of(path, &spaces, inputs));
        }
        spaces
    }

    /// The spaces in which a path ends, by those of what it is made of; an application that ends in a product has a
    /// space a factor.
    pub(crate) fn ends_of(
        &self,
        path: Path,
        spaces: &HashMap<Path, Vec<Space>>,
        inputs: &[Space],
    ) -> Vec<Space> {
        match self.paths.term(path) {
            Term::Datum(id) => vec![self.datum(*id).space.clone()],
            Term::Input(position) => inputs.get(*position).cloned().into_iter().collect(),
            Term::Factor(inner, position) => {
                let factors = spaces.get(inner).into_iter().flatten();
                factors.skip(*position).take(1).cloned().collect()
            }
            Term::Stop(inner) | Term::Scale(inner, _) | Term::Number(inner, _) => {
                spaces.get(inner).cloned().unwrap_or_default()
            }
            // A power ends where it starts.
            Term::Power(_, arguments) => spaces_of(arguments, spaces),
            Term::Apply(morphism, ..) => {
                let binding = self.binding_of(path, spaces).unwrap_or_default();
                let codomain = self.morphism(*morphism).codomain.iter();
                codomain.map(|space| self.at(space, &binding)).collect()
            }
        }
    }

    /// The object in which a path ends. A product ends in several, and an argument of a composite may be of any.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn object_of(&self, mut path: Path) -> Option<ObjectId> {
        let mut factor = None;
        loop {
            match self.paths.term(path) {
                Term::Input(_) => return None,
                Term::Datum(id) => return Some(self.datum(*id).space.object),
                Term::Apply(id, ..) => {
                    let space = one_of(&self.morphism(*id).codomain, factor)?;
                    return Some(space.object);
                }
                // A power ends where it starts.
                Term::Power(_, arguments) => path = *one_of(arguments, factor.take())?,
                Term::Factor(of, position) => (path, factor) = (*of, Some(*position)),
                Term::Stop(of) | Term::Scale(of, _) | Term::Number(of, _) => path = *of,
            }
        }
    }

    /// Whether gradients may pass a value: it is Float, or a product, whose factors are asked one by one. Nothing
    /// is trained before an argument of a composite.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn is_float(&self, path: Path) -> bool {
        let is_number = matches!(self.paths.term(path), Term::Number(..));
        let object = self.object_of(path).map(|object| self.object(object));
        !is_number && object.is_none_or(|object| object.shape.kind == Kind::Float)
    }
}

/// One application of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Its path.
    pub path: Path,
    /// What is applied.
    pub morphism: MorphismId,
    /// What its dims stand for.
    pub binding: Binding,
    /// How often it is applied: more than once in a power.
    pub times: Dim,
}

/// The factor at a position, or the only one.
fn one_of<T>(factors: &[T], position: Option<usize>) -> Option<&T> {
    match (factors, position) {
        (_, Some(position)) => factors.get(position),
        ([one], None) => Some(one),
        (_, None) => None,
    }
}

/// The spaces in which arguments end, a product's one after the other, by [`Diagram::ends_within`].
#[must_use]
pub fn spaces_of<S: BuildHasher>(
    arguments: &[Path],
    spaces: &HashMap<Path, Vec<Space>, S>,
) -> Vec<Space> {
    let found = arguments.iter().filter_map(|path| spaces.get(path));
    found.flatten().cloned().collect()
}
