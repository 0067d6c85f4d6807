//! Which numbers may stand in Int data: the classes of a loss, the vectors of an `embedding`.

use diagram_core::{
    Class, DatumId, Definition, Diagram, Dim, IndexRange, Indexed, Measure, MorphismId, Path, Term,
};

use crate::layers;

/// What the target of a cell holds, if it is a datum: so many classes, and those that its loss ignores.
#[must_use]
pub fn classes(diagram: &Diagram, cell: usize, count: Dim) -> Option<IndexRange> {
    let of = diagram.cells.get(cell)?;
    let ignored: &[Class] = match &of.loss {
        Measure::Loss(loss) => loss.classes("ignore"),
        Measure::Itself | Measure::Function { .. } => &[],
    };
    Some(IndexRange {
        datum: datum_of(diagram, *of.ends.get(1)?)?,
        of: Indexed::Classes(cell),
        count,
        ignored: ignored.to_vec(),
    })
}

/// What data hold that morphisms take which start with an `embedding`.
#[must_use]
pub fn vectors(diagram: &Diagram) -> Vec<IndexRange> {
    let found = diagram.paths.terms().filter_map(|term| {
        let Term::Apply(id, arguments, _) = term else {
            return None;
        };
        let [argument] = arguments.as_slice() else {
            return None;
        };
        Some(IndexRange {
            count: vectors_of(diagram, *id)?.clone(),
            datum: datum_of(diagram, *argument)?,
            of: Indexed::Vectors(*id),
            ignored: Vec::new(),
        })
    });
    found.collect()
}

/// How many vectors a morphism has for the entries that it takes, if its first layer takes such.
fn vectors_of(diagram: &Diagram, id: MorphismId) -> Option<&Dim> {
    let Definition::Layers { steps, .. } = &diagram.morphism(id).definition else {
        return None;
    };
    let layer = steps.first()?.as_layer()?;
    layer.call.size(layers::find(&layer.call.name)?.vectors?)
}

/// The datum that a path is, stopped or not.
fn datum_of(diagram: &Diagram, mut path: Path) -> Option<DatumId> {
    loop {
        match diagram.paths.term(path) {
            Term::Datum(datum) => return Some(*datum),
            Term::Stop(of) | Term::Scale(of, _) => path = *of,
            Term::Apply(..)
            | Term::Power(..)
            | Term::Factor(..)
            | Term::Input(_)
            | Term::Number(..) => return None,
        }
    }
}
