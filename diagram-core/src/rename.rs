//! Diagrams that are equal except for their names.
//!
//! The meaning of a diagram does not depend on names, nor on the order in which parts are declared.
//! [`renaming`] looks for a bijection between the parts of two diagrams (objects, data, morphisms, cells,
//! hyper-parameters, dynamic dims, learned scalars, slots) under which they are the same: shapes, definitions,
//! paths, losses, weights and facts.
//!
//! Names of Rust stay as they are: layers, losses, types, functions, constants. So do the types and defaults of
//! hyper-parameters. Texts do not count: documentation, and cells and composites as they are written.
//! Properties that follow from other parts, such as costs, do not count either.
//!
//! Each part is compared with those that it names, so one pair of cells determines most other parts. The
//! remaining parts are tried in turn, the part at the same position first.

use crate::diagram::Diagram;
use crate::id::{DatumId, LearnedId, MorphismId, ObjectId};

mod unify;

use unify::{Kind, Matching};

/// The largest number of pairs of parts that are tried. Diagrams need that many only if a great number of parts
/// are alike in everything except their use.
const TRIES: usize = 100_000;

/// The part of a second diagram for each part of a first one, by position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// For each object.
    pub objects: Vec<ObjectId>,
    /// For each datum.
    pub data: Vec<DatumId>,
    /// For each morphism.
    pub morphisms: Vec<MorphismId>,
    /// For each cell, by its index.
    pub cells: Vec<usize>,
    /// For each hyper-parameter, by its index.
    pub hypers: Vec<usize>,
    /// For each dynamic dim, by its index.
    pub dynamics: Vec<usize>,
    /// For each learned scalar.
    pub learned: Vec<LearnedId>,
}

/// The renaming that turns the first diagram into the second, if there is one. It is not found if the search
/// takes too long, which needs a great number of parts that are alike.
#[must_use]
pub fn renaming(one: &Diagram, other: &Diagram) -> Option<Renaming> {
    let counts = |diagram: &Diagram| Kind::ALL.map(|kind| kind.count(diagram));
    if counts(one) != counts(other) || one.constants_sorted() != other.constants_sorted() {
        return None;
    }
    let parts = Kind::ALL.into_iter();
    let parts = parts.flat_map(|kind| (0..kind.count(one)).map(move |index| (kind, index)));
    let parts: Vec<_> = parts.collect();
    let mut tries = TRIES;
    let found = search(Matching::new(one, other), &parts, &mut tries)?;
    let of = |kind| found.images(kind);
    Some(Renaming {
        objects: of(Kind::Object)?.into_iter().map(ObjectId).collect(),
        data: of(Kind::Datum)?.into_iter().map(DatumId).collect(),
        morphisms: of(Kind::Morphism)?.into_iter().map(MorphismId).collect(),
        cells: of(Kind::Cell)?,
        hypers: of(Kind::Hyper)?,
        dynamics: of(Kind::Dynamic)?,
        learned: of(Kind::Learned)?.into_iter().map(LearnedId).collect(),
    })
}

/// Whether two diagrams are equal except for their names and the order of their parts.
#[must_use]
pub fn same_up_to_renaming(one: &Diagram, other: &Diagram) -> bool {
    renaming(one, other).is_some()
}

/// The matching of all parts. Each part is tried with every remaining part.
fn search<'a>(
    matching: Matching<'a>,
    parts: &[(Kind, usize)],
    tries: &mut usize,
) -> Option<Matching<'a>> {
    let open = |(kind, index): &(Kind, usize)| matching.image(*kind, *index).is_none();
    let Some(next) = parts.iter().position(open) else {
        return Some(matching);
    };
    let (kind, index) = *parts.get(next)?;
    let rest = parts.get(next + 1..).unwrap_or_default();
    let others = (0..kind.count(matching.other)).filter(|other| *other != index);
    for other in std::iter::once(index).chain(others) {
        *tries = tries.checked_sub(1)?;
        let mut next = matching.clone();
        if next.pair(kind, index, other)
            && let Some(found) = search(next, rest, tries)
        {
            return Some(found);
        }
    }
    None
}

impl Diagram {
    /// Constants are Rust's, so their names stay.
    fn constants_sorted(&self) -> Vec<&String> {
        let mut constants: Vec<_> = self.constants.iter().collect();
        constants.sort();
        constants
    }
}
