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

use std::error::Error;
use std::fmt;

use crate::diagram::Diagram;
use crate::id::{DatumId, LearnedId, MorphismId, ObjectId};

mod matching;
#[cfg(test)]
mod tests;
mod unify;

use matching::{Kind, Matching};

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

/// The search for a renaming was given up: a great number of parts are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecided;

impl fmt::Display for Undecided {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "too many parts of the diagrams are alike: no renaming was found in {TRIES} tries"
        )
    }
}

impl Error for Undecided {}

/// The renaming that turns the first diagram into the second, if there is one.
///
/// # Errors
///
/// The search takes too long, which needs a great number of parts that are alike.
pub fn renaming(one: &Diagram, other: &Diagram) -> Result<Option<Renaming>, Undecided> {
    let counts = |diagram: &Diagram| Kind::ALL.map(|kind| kind.count(diagram));
    if counts(one) != counts(other) || one.constants_sorted() != other.constants_sorted() {
        return Ok(None);
    }
    let found = search(Matching::new(one, other), one)?;
    Ok(found.and_then(|found| found.renaming()))
}

/// Whether two diagrams are equal except for their names and the order of their parts.
///
/// # Errors
///
/// Those of [`renaming`].
pub fn same_up_to_renaming(one: &Diagram, other: &Diagram) -> Result<bool, Undecided> {
    renaming(one, other).map(|found| found.is_some())
}

/// A part that the others do not decide.
struct Choice<Others> {
    part: (Kind, usize),
    /// Its place among all parts.
    place: usize,
    /// How many pairs there were before.
    pairs: usize,
    /// What is left to be tried.
    others: Others,
}

/// The matching of all parts. Each part is tried with every remaining part.
fn search<'a>(
    mut matching: Matching<'a>,
    one: &Diagram,
) -> Result<Option<Matching<'a>>, Undecided> {
    let parts = Kind::ALL.into_iter();
    let parts = parts.flat_map(|kind| (0..kind.count(one)).map(move |index| (kind, index)));
    let parts: Vec<_> = parts.collect();
    let mut tries = TRIES;
    let mut choices = Vec::new();
    let mut place = 0;
    while let Some((kind, index)) = parts.get(place).copied() {
        if matching.image(kind, index).is_none() {
            let others = (0..kind.count(one)).filter(move |other| *other != index);
            choices.push(Choice {
                part: (kind, index),
                place,
                pairs: matching.len(),
                others: std::iter::once(index).chain(others),
            });
            // The search goes on behind the last choice for which something is left.
            place = loop {
                let Some(choice) = choices.last_mut() else {
                    return Ok(None);
                };
                matching.truncate(choice.pairs);
                let Some(other) = choice.others.next() else {
                    choices.pop();
                    continue;
                };
                tries = tries.checked_sub(1).ok_or(Undecided)?;
                if matching.try_pair(choice.part.0, choice.part.1, other) {
                    break choice.place;
                }
            };
        }
        place += 1;
    }
    Ok(Some(matching))
}

impl Matching<'_> {
    /// The images of all parts, where each has one.
    fn renaming(&self) -> Option<Renaming> {
        let of = |kind| self.images(kind);
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
}

impl Diagram {
    /// Constants are Rust's, so their names stay.
    fn constants_sorted(&self) -> Vec<&String> {
        let mut constants: Vec<_> = self.constants.iter().collect();
        constants.sort();
        constants
    }
}
