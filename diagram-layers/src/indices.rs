//! Which numbers may stand in Int data: the classes of a loss, the lengths of its sequences, the vectors of an
//! `embedding`.

use diagram_core::{
    Blank, Cell, Class, Definition, Diagram, Dim, IndexRange, Indexed, Measure, MorphismId, Term,
};

use crate::layers;
use crate::losses::Typed;

/// What the ends of a cell hold, as far as they are data: classes in its target, and lengths.
#[must_use]
pub fn of_cell(diagram: &Diagram, cell: usize, typed: &Typed) -> Vec<IndexRange> {
    let Some(of) = diagram.cells.get(cell) else {
        return Vec::new();
    };
    let at = |end: usize, of_entries: Indexed, count: &Dim| {
        Some(IndexRange {
            datum: diagram.datum_of(*of.ends.get(end)?)?,
            of: of_entries,
            count: count.clone(),
            ignored: Vec::new(),
            blank: None,
        })
    };
    let classes = typed.classes.as_ref().and_then(|count| {
        Some(IndexRange {
            ignored: ignored(of).to_vec(),
            blank: blank(diagram, of, typed),
            ..at(1, Indexed::Classes(cell), count)?
        })
    });
    let lengths = typed.sequences.iter().flat_map(|sequences| {
        [
            at(2, Indexed::InputLengths(cell), &sequences.time),
            at(3, Indexed::TargetLengths(cell), &sequences.length),
        ]
    });
    classes.into_iter().chain(lengths.flatten()).collect()
}

/// The classes that the loss of a cell ignores.
fn ignored(cell: &Cell) -> &[Class] {
    match &cell.loss {
        Measure::Loss(loss) => loss.classes("ignore"),
        Measure::Itself | Measure::Function { .. } => &[],
    }
}

/// The blank of a cell, where data say how long its targets are.
fn blank(diagram: &Diagram, cell: &Cell, typed: &Typed) -> Option<Blank> {
    Some(Blank {
        class: typed.sequences.as_ref()?.blank.clone(),
        lengths: diagram.datum_of(*cell.ends.get(3)?)?,
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
            datum: diagram.datum_of(*argument)?,
            of: Indexed::Vectors(*id),
            ignored: Vec::new(),
            blank: None,
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
