//! Paths: terms over morphisms and data, each distinct one kept once.
//!
//! `encoder >> decoder` at the datum `Image` is the term `decoder(encoder(Image))`. Terms live in one
//! table, [`Paths`], in which equal terms are one entry (hash-consing) and arguments come before the
//! terms that use them. So a path of any length is a number, two paths are equal exactly when their
//! numbers are, and every walk over them is a loop.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::diagram::{DatumId, MorphismId};

/// A path: an index into [`Paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Path(pub usize);

/// What a path is, one step deep.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Term {
    /// The value of a datum.
    Datum(DatumId),
    /// The argument of a composite at this position; occurs in the bodies of composites only.
    Input(usize),
    /// A morphism on its arguments, one a factor of its domain. Never a composite: those are unfolded.
    /// Where it ends in a product, only its factors are used.
    Apply(MorphismId, Vec<Path>),
    /// A factor, by position, of an application that ends in a product.
    Factor(Path, usize),
    /// The value of a path, through which no gradient passes.
    Stop(Path),
}

impl Term {
    /// The paths that it is made of, left to right.
    #[must_use]
    pub fn parts(&self) -> &[Path] {
        match self {
            Term::Datum(_) | Term::Input(_) => &[],
            Term::Apply(_, arguments) => arguments,
            Term::Factor(path, _) | Term::Stop(path) => std::slice::from_ref(path),
        }
    }

    /// The term with other paths in place of its parts.
    fn with_parts(&self, image: impl Fn(&Path) -> Path) -> Term {
        match self {
            Term::Datum(_) | Term::Input(_) => self.clone(),
            Term::Apply(morphism, arguments) => {
                Term::Apply(*morphism, arguments.iter().map(image).collect())
            }
            Term::Factor(path, position) => Term::Factor(image(path), *position),
            Term::Stop(path) => Term::Stop(image(path)),
        }
    }
}

/// Every path of a diagram, each once.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Paths {
    terms: Vec<Term>,
    /// Where each term is; needed only while a diagram is built.
    #[serde(skip)]
    known: HashMap<Term, Path>,
    /// What [`Paths::substitute`] has done already, by arguments.
    #[serde(skip)]
    images: HashMap<Vec<Path>, HashMap<Path, Path>>,
}

impl PartialEq for Paths {
    fn eq(&self, other: &Self) -> bool {
        self.terms == other.terms
    }
}

impl Paths {
    /// The path that is this term.
    pub fn intern(&mut self, term: Term) -> Path {
        if let Some(path) = self.known.get(&term) {
            return *path;
        }
        let path = Path(self.terms.len());
        self.known.insert(term.clone(), path);
        self.terms.push(term);
        path
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

    /// What a path is.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn term(&self, path: Path) -> &Term {
        &self.terms[path.0]
    }

    /// Every path that `ends` are made of, themselves included: arguments before the terms that use
    /// them, left before right, each once.
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

    /// The body of a composite with `arguments` in place of its inputs. It costs the number of terms
    /// that were not met with these arguments before.
    pub fn substitute(&mut self, body: Path, arguments: &[Path]) -> Path {
        let mut images = self.images.remove(arguments).unwrap_or_default();
        let mut stack = vec![body];
        while let Some(path) = stack.last().copied() {
            let image = match self.term(path) {
                _ if images.contains_key(&path) => None,
                Term::Input(position) => Some(arguments.get(*position).copied().unwrap_or(path)),
                Term::Datum(_) => Some(path),
                term @ (Term::Apply(..) | Term::Factor(..) | Term::Stop(_)) => {
                    let open = term
                        .parts()
                        .iter()
                        .filter(|path| !images.contains_key(path));
                    let before = stack.len();
                    stack.extend(open);
                    if stack.len() > before {
                        continue;
                    }
                    let term = term.with_parts(|path| images[path]);
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
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(paths: &mut Paths, morphism: usize, argument: Path) -> Path {
        paths.intern(Term::Apply(MorphismId(morphism), vec![argument]))
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
}
