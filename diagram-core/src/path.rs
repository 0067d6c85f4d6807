//! Paths: terms over morphisms and data, each distinct one kept once.
//!
//! `encoder >> decoder` at the datum `Image` is the term `decoder(encoder(Image))`. Terms live in one
//! table, [`Paths`], in which equal terms are one entry (hash-consing) and arguments come before the
//! terms that use them. So a path of any length is a number, two paths are equal exactly when their
//! numbers are, and every walk over them is a loop.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::dim::Dim;
use crate::id::{DatumId, MorphismId};
use crate::scalar::{Number, Scalar};
use crate::shape::{Kind, Shape};

#[cfg(test)]
mod tests;
mod tidy;

use tidy::SerialisedPaths;
pub use tidy::Untidy;

/// How many terms the paths of a diagram may have, those of a power's body anew for each power: powers of powers and
/// composites of composites have no bound by themselves.
pub const MAX_TERMS: usize = 20_000;

/// A path: an index into [`Paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Path(pub usize);

/// A path, one step deep: its form, and the paths that are its parts. In a [`Semantics`](crate::run::Semantics)
/// the parts are values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Term<Part = Path> {
    /// The value of a datum.
    Datum(DatumId),
    /// The argument of a composite at this position. It occurs only in the bodies of composites and of powers.
    Input(usize),
    /// A morphism on its arguments, one per factor of its domain. The morphism is never a composite, because
    /// composites are unfolded. If it ends in a product, only the factors of the term are used. Applications
    /// with draws of their own are distinct, whatever they apply.
    Apply(MorphismId, Vec<Part>, Draw),
    /// A factor, by position, of an application that ends in a product.
    Factor(Part, usize),
    /// A body applied several times, one after the other, each time with draws of its own. If it ends in a
    /// product, only the factors of the term are used.
    Power(Power, Vec<Part>),
    /// The value of a path, through which no gradient passes.
    Stop(Part),
    /// The value of a path; gradients that pass through it are multiplied by this.
    Scale(Part, Multiple),
    /// A tensor with one value in every entry, shaped as the value of a path.
    Number(Part, Filled),
}

/// A path from a product of spaces to the same product, applied several times.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// The body: one path per factor, with [`Term::Input`] for its arguments.
    pub body: Vec<Path>,
    /// The number of applications.
    pub times: Dim,
}

/// The random draw of an application: 0 as it is written, others by `again`.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct Draw(pub usize);

/// A tensor with one value in every entry.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filled {
    /// The value.
    pub value: Entry,
    /// For a class per unit: the axis of the classes in the value whose shape it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without: Option<usize>,
}

/// An entry of a tensor; displayed as Rust code.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Entry {
    /// Of a Float tensor.
    Float(Number),
    /// Of an Int tensor.
    Int(i64),
    /// Of a Bool tensor.
    Bool(bool),
}

impl Entry {
    /// The kind of the tensor.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Entry::Float(_) => Kind::Float,
            Entry::Int(_) => Kind::Int,
            Entry::Bool(_) => Kind::Bool,
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Float(value) => value.fmt(out),
            Entry::Int(value) => value.fmt(out),
            Entry::Bool(value) => value.fmt(out),
        }
    }
}

impl Filled {
    /// Its shape beside a value of this shape.
    #[must_use]
    pub fn shape(&self, like: &Shape) -> Shape {
        Filled::shape_of(self.value.kind(), self.without, like)
    }

    /// The shape of a tensor of this kind that has the shape `like`, without one axis if `without` names it.
    #[must_use]
    pub fn shape_of(kind: Kind, without: Option<usize>, like: &Shape) -> Shape {
        let dims = like.dims.iter().enumerate();
        let dims = dims.filter(|(axis, _)| without != Some(*axis));
        Shape {
            kind,
            dims: dims.map(|(_, dim)| dim.clone()).collect(),
        }
    }
}

/// The factor by which a gradient is multiplied.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiple {
    /// Whether the factor is negated.
    pub negative: bool,
    /// The factor.
    pub of: Scalar,
}

impl fmt::Display for Multiple {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        write!(out, "{sign}{}", self.of)
    }
}

impl<Part> Term<Part> {
    /// Its parts, left to right.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        match self {
            Term::Datum(_) | Term::Input(_) => &[],
            Term::Apply(_, arguments, _) | Term::Power(_, arguments) => arguments,
            Term::Factor(part, _)
            | Term::Stop(part)
            | Term::Scale(part, _)
            | Term::Number(part, _) => std::slice::from_ref(part),
        }
    }

    /// The term with other parts, left to right.
    pub fn map<Image>(&self, mut image: impl FnMut(&Part) -> Image) -> Term<Image> {
        match self {
            Term::Datum(datum) => Term::Datum(*datum),
            Term::Input(position) => Term::Input(*position),
            Term::Apply(morphism, arguments, draw) => {
                Term::Apply(*morphism, arguments.iter().map(image).collect(), *draw)
            }
            Term::Power(power, arguments) => {
                Term::Power(power.clone(), arguments.iter().map(image).collect())
            }
            Term::Factor(part, position) => Term::Factor(image(part), *position),
            Term::Stop(part) => Term::Stop(image(part)),
            Term::Scale(part, multiple) => Term::Scale(image(part), multiple.clone()),
            Term::Number(part, number) => Term::Number(image(part), number.clone()),
        }
    }
}

/// Every path of a diagram, each once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(try_from = "SerialisedPaths")]
pub struct Paths {
    terms: Vec<Term>,
    /// The position of each term.
    #[serde(skip)]
    known: HashMap<Term, Path>,
    /// The last draw that [`Paths::again`] has given out.
    #[serde(skip)]
    draws: usize,
    /// The results of [`Paths::substitute`] so far, by arguments.
    #[serde(skip)]
    images: HashMap<Vec<Path>, HashMap<Path, Path>>,
    /// The number of terms, with those of a power's body counted once per power.
    #[serde(skip)]
    unfolded: usize,
    /// The number of terms that each body of a power adds, including the bodies within it.
    #[serde(skip)]
    bodies: HashMap<Vec<Path>, usize>,
}

impl PartialEq for Paths {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Paths {
    /// The path that is this term.
    ///
    /// # Panics
    ///
    /// If the term is a power whose body is of another diagram.
    pub fn intern(&mut self, term: Term) -> Path {
        if let Some(path) = self.known.get(&term) {
            return *path;
        }
        let path = Path(self.terms.len());
        self.unfolded = self.unfolded.saturating_add(self.unfolded_by(&term));
        self.known.insert(term.clone(), path);
        self.terms.push(term);
        path
    }

    /// The number of terms while the diagram is built, with those of a power's body counted once per power. The
    /// code that evaluates them grows with it.
    #[must_use]
    pub fn unfolded(&self) -> usize {
        self.unfolded
    }

    /// The number of terms that a term adds: itself and its body.
    fn unfolded_by(&mut self, term: &Term) -> usize {
        let Term::Power(power, _) = term else {
            return 1;
        };
        if let Some(size) = self.bodies.get(&power.body) {
            return *size;
        }
        let within = self.within(&power.body).into_iter();
        let sizes = within.map(|path| match self.term(path) {
            Term::Power(inner, _) => self.bodies.get(&inner.body).copied().unwrap_or(1),
            _ => 1,
        });
        let size = sizes.fold(1, usize::saturating_add);
        self.bodies.insert(power.body.clone(), size);
        size
    }

    /// Every term, arguments before the terms that use them.
    pub fn terms(&self) -> impl Iterator<Item = &Term> {
        self.terms.iter()
    }

    /// The number of distinct paths.
    #[must_use]
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether there is no path at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The term of a path.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn term(&self, path: Path) -> &Term {
        &self.terms[path.0]
    }

    /// All parts of `ends`, including themselves, each once: arguments before the terms that use them, left
    /// before right.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    #[must_use]
    pub fn within(&self, ends: &[Path]) -> Vec<Path> {
        let mut found = Vec::new();
        let mut seen = vec![false; self.terms.len()];
        // A path is on the stack twice: before its arguments, and after them, when it is found.
        let mut stack: Vec<(Path, bool)> = ends.iter().rev().map(|end| (*end, false)).collect();
        while let Some((path, arguments_done)) = stack.pop() {
            if arguments_done {
                found.push(path);
            } else if !std::mem::replace(&mut seen[path.0], true) {
                stack.push((path, true));
                let parts = self.term(path).parts();
                stack.extend(parts.iter().rev().map(|part| (*part, false)));
            }
        }
        found
    }

    /// The same, and the bodies of powers, each before its power.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    #[must_use]
    pub fn all_within(&self, ends: &[Path]) -> Vec<Path> {
        let mut found = Vec::new();
        for path in self.within(ends) {
            if let Term::Power(power, _) = self.term(path) {
                found.extend(self.all_within(&power.body));
            }
            found.push(path);
        }
        found
    }

    /// The morphisms that are applied within some paths and the bodies of powers, in order.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    #[must_use]
    pub fn applied_within(&self, ends: &[Path]) -> Vec<MorphismId> {
        let all = self.all_within(ends).into_iter();
        let applied = all.filter_map(|path| match self.term(path) {
            Term::Apply(id, ..) => Some(*id),
            _ => None,
        });
        applied.collect()
    }

    /// The body of a composite with `arguments` in place of its inputs. The cost is the number of terms that
    /// were not met with these arguments before.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    pub fn substitute(&mut self, body: Path, arguments: &[Path]) -> Path {
        let mut images = self.images.remove(arguments).unwrap_or_default();
        let mut stack = vec![body];
        while let Some(path) = stack.last().copied() {
            let image = match self.term(path) {
                _ if images.contains_key(&path) => None,
                Term::Input(position) => Some(arguments.get(*position).copied().unwrap_or(path)),
                Term::Datum(_) => Some(path),
                term @ (Term::Apply(..)
                | Term::Power(..)
                | Term::Factor(..)
                | Term::Stop(_)
                | Term::Scale(..)
                | Term::Number(..)) => {
                    let open = term
                        .parts()
                        .iter()
                        .filter(|path| !images.contains_key(path));
                    let before = stack.len();
                    stack.extend(open);
                    if stack.len() > before {
                        continue;
                    }
                    let term = term.map(|path| images[path]);
                    Some(self.intern(term))
                }
            };
            if let Some(image) = image {
                images.insert(path, image);
            }
            stack.pop();
        }
        let image = images[&body];
        self.images.insert(arguments.to_vec(), images);
        image
    }

    /// These paths with a new draw for every application in them. Equal applications stay equal, and distinct
    /// ones stay distinct.
    ///
    /// # Panics
    ///
    /// If a path is of another diagram.
    pub fn again(&mut self, ends: &[Path]) -> Vec<Path> {
        let mut images: HashMap<Path, Path> = HashMap::new();
        let mut anew: HashMap<Draw, Draw> = HashMap::new();
        for path in self.all_within(ends) {
            let mut term = self.term(path).map(|path| images[path]);
            match &mut term {
                Term::Apply(_, _, draw) => {
                    *draw = *anew.entry(*draw).or_insert_with(|| {
                        self.draws += 1;
                        Draw(self.draws)
                    });
                }
                Term::Power(power, _) => {
                    power.body = power.body.iter().map(|path| images[path]).collect();
                }
                _ => {}
            }
            let image = self.intern(term);
            images.insert(path, image);
        }
        ends.iter().map(|end| images[end]).collect()
    }
}
