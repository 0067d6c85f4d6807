//! Which numbers may stand in Int data: the classes of a loss, the vectors of an `embedding`.

use diagram_core::{Class, DatumId, Definition, Dim, IndexRange, Indexed, MorphismId, Path, Term};
use diagram_layers::layers;

use crate::lower::Lowering;

impl Lowering<'_, '_> {
    /// The target of the last cell holds so many classes, and those that it ignores.
    pub(in crate::lower) fn holds_classes(&mut self, count: Option<Dim>, ignored: &[Class]) {
        let (Some(cell), Some(count)) = (self.diagram.cells.last(), count) else {
            return;
        };
        let target = cell.ends.get(1).copied();
        let Some(datum) = target.and_then(|target| self.datum_of(target)) else {
            return;
        };
        self.diagram.index_ranges.push(IndexRange {
            datum,
            of: Indexed::Classes(self.diagram.cells.len() - 1),
            count,
            ignored: ignored.to_vec(),
        });
    }

    /// Data that morphisms take which start with an `embedding`. Asked when every path is known.
    pub(in crate::lower) fn embedded(&mut self) {
        let mut found = Vec::new();
        for term in self.diagram.paths.terms() {
            let Term::Apply(id, arguments, _) = term else {
                continue;
            };
            let (Some(count), [argument]) = (self.vectors(*id), &arguments[..]) else {
                continue;
            };
            let Some(datum) = self.datum_of(*argument) else {
                continue;
            };
            found.push(IndexRange {
                datum,
                of: Indexed::Vectors(*id),
                count: count.clone(),
                ignored: Vec::new(),
            });
        }
        self.diagram.index_ranges.extend(found);
    }

    /// How many vectors a morphism has for the entries that it takes, if its first layer takes such.
    fn vectors(&self, id: MorphismId) -> Option<&Dim> {
        let Definition::Layers { steps, .. } = &self.diagram.morphism(id).definition else {
            return None;
        };
        let layer = steps.first()?.as_layer()?;
        layer.call.size(layers::find(&layer.call.name)?.vectors?)
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
