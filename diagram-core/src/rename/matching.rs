//! Which part of a second diagram each part of a first one is, as far as it is known.

use std::collections::{HashMap, HashSet};

use crate::diagram::Diagram;

/// What is matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Cell,
    Morphism,
    Datum,
    Object,
    Hyper,
    Dynamic,
    Learned,
    Generic,
    Fact,
    /// A path, by its place in the table; not every path is used.
    Path,
    /// A draw, by its number; 0 is itself.
    Draw,
}

impl Kind {
    /// The parts of which each has an image.
    pub(super) const ALL: [Kind; 9] = [
        Kind::Cell,
        Kind::Morphism,
        Kind::Datum,
        Kind::Object,
        Kind::Hyper,
        Kind::Dynamic,
        Kind::Learned,
        Kind::Generic,
        Kind::Fact,
    ];

    pub(super) fn count(self, diagram: &Diagram) -> usize {
        match self {
            Kind::Cell => diagram.cells.len(),
            Kind::Morphism => diagram.morphisms.len(),
            Kind::Datum => diagram.data.len(),
            Kind::Object => diagram.objects.len(),
            Kind::Hyper => diagram.hypers.len(),
            Kind::Dynamic => diagram.dynamics.len(),
            Kind::Learned => diagram.learned.len(),
            Kind::Generic => diagram.generics.len(),
            Kind::Fact => diagram.facts.given().len(),
            Kind::Path => diagram.paths.len(),
            Kind::Draw => 0,
        }
    }
}

/// Pairs of numbers, each in one.
#[derive(Debug, Default)]
struct Pairs {
    images: HashMap<usize, usize>,
    taken: HashSet<usize>,
}

/// The pairs that are known, of parts of two diagrams.
pub(super) struct Matching<'a> {
    pub(super) one: &'a Diagram,
    pub(super) other: &'a Diagram,
    pairs: [Pairs; 11],
    /// Every pair, in the order in which they were found.
    found: Vec<(Kind, usize, usize)>,
}

impl<'a> Matching<'a> {
    pub(super) fn new(one: &'a Diagram, other: &'a Diagram) -> Self {
        Matching {
            one,
            other,
            pairs: Default::default(),
            found: Vec::new(),
        }
    }

    pub(super) fn image(&self, kind: Kind, index: usize) -> Option<usize> {
        self.pairs.get(kind as usize)?.images.get(&index).copied()
    }

    /// The images of all parts of a kind, in order.
    pub(super) fn images(&self, kind: Kind) -> Option<Vec<usize>> {
        let parts = 0..kind.count(self.one);
        parts.map(|index| self.image(kind, index)).collect()
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Forgets the pairs that were found after the first `len`.
    pub(super) fn truncate(&mut self, len: usize) {
        for (kind, one, other) in self.found.drain(len..) {
            let pairs = &mut self.pairs[kind as usize];
            pairs.images.remove(&one);
            pairs.taken.remove(&other);
        }
    }

    /// Whether two parts can be one, with all that follows from it; if not, nothing has changed.
    pub(super) fn try_pair(&mut self, kind: Kind, one: usize, other: usize) -> bool {
        let before = self.len();
        let mut next = before;
        let mut alike = self.pair(kind, one, other);
        // A loop, since a path may have thousands of terms.
        while alike && let Some((kind, one, other)) = self.found.get(next).copied() {
            alike = self.compare(kind, one, other);
            next += 1;
        }
        if !alike {
            self.truncate(before);
        }
        alike
    }

    /// Two parts are one from here on, unless one of them is one with another. What they name is still to be
    /// compared.
    pub(super) fn pair(&mut self, kind: Kind, one: usize, other: usize) -> bool {
        let pairs = &mut self.pairs[kind as usize];
        match pairs.images.get(&one) {
            Some(image) => *image == other,
            None if !pairs.taken.insert(other) => false,
            None => {
                pairs.images.insert(one, other);
                self.found.push((kind, one, other));
                true
            }
        }
    }
}
