//! What the entries of Int data stand for: the classes of a loss, the vectors of an `embedding`.

use std::collections::HashMap;

use diagram_core::{DatumId, Dim, Entries, MorphismId, Path, Term};

use super::Lowering;
use crate::layers::arguments::Class;

/// How many vectors a morphism has for its entries, and in which layer, as written.
pub(super) type Vectors = HashMap<MorphismId, (String, Dim)>;

impl Lowering<'_, '_> {
    /// The target of the last cell holds so many classes, and those that it ignores.
    pub(super) fn holds_classes(&mut self, count: Option<Dim>, ignored: &[Class]) {
        let (Some(cell), Some(count)) = (self.diagram.cells.last(), count) else {
            return;
        };
        let target = cell.ends.get(1).copied();
        let Some(datum) = target.and_then(|target| self.datum_of(target)) else {
            return;
        };
        let of = format!("the classes of `{}`", cell.label());
        self.diagram.entries.push(Entries {
            datum,
            of,
            count,
            ignored: ignored.iter().map(Class::text).collect(),
        });
    }

    /// Data that morphisms take which start with an `embedding`. Asked when every path is known.
    pub(super) fn embedded(&mut self) {
        let mut found = Vec::new();
        for term in self.diagram.paths.terms() {
            let Term::Apply(id, arguments, _) = term else {
                continue;
            };
            let (Some((layer, count)), [argument]) = (self.vectors.get(id), &arguments[..]) else {
                continue;
            };
            let Some(datum) = self.datum_of(*argument) else {
                continue;
            };
            let morphism = &self.diagram.morphism(*id).name;
            let of = format!("the vectors of `{layer}` in `{morphism}`");
            let count = count.clone();
            found.push(Entries {
                datum,
                of,
                count,
                ignored: Vec::new(),
            });
        }
        self.diagram.entries.extend(found);
    }

    /// The datum that a path is, stopped or not.
    fn datum_of(&self, mut path: Path) -> Option<DatumId> {
        loop {
            match self.diagram.paths.term(path) {
                Term::Datum(datum) => return Some(*datum),
                Term::Stop(of) | Term::Scale(of, _) => path = *of,
                Term::Apply(..)
                | Term::Power(..)
                | Term::Factor(..)
                | Term::Input(_)
                | Term::Number(..) => {
                    return None;
                }
            }
        }
    }
}
