//! What says of the units of a loss how they count: masks and weights that are paths.

use diagram_core::{Clause, Code, Fault, Kind, Shape};
use diagram_layers::losses::{self, Unit};

use crate::lower::Lowering;
use crate::lower::paths::Typed;
use crate::place::Place;
use crate::syntax::tree::{self, shown};

/// A mask or a weight that is a path.
#[derive(Clone)]
pub(in crate::lower) struct Counting {
    pub(in crate::lower) clause: Clause,
    pub(in crate::lower) typed: Typed,
    pub(in crate::lower) place: Place,
}

impl Lowering<'_, '_> {
    /// The path of a mask or a weight.
    pub(in crate::lower) fn counting(&mut self, path: &tree::Path) -> Option<Counting> {
        let typed = self.one(path)?;
        let clause = Clause {
            text: shown(path),
            path: typed.path,
        };
        Some(Counting {
            clause,
            typed,
            place: path.place,
        })
    }

    /// The rank of a mask (Bool) or weight (Float), where it says something of the units of a loss.
    pub(in crate::lower) fn of_units(
        &mut self,
        kind: Kind,
        counting: &Counting,
        (loss, measured): (&str, &losses::Typed),
    ) -> Option<usize> {
        let shape = self.diagram.shape(&counting.typed.end);
        self.settled(counting.place, |lowering| {
            let text = &counting.clause.text;
            match lowering.misplaced(kind, (text, &shape), (loss, measured)) {
                None => Ok(shape.rank()),
                Some(fault) => Err(fault),
            }
        })
    }

    /// What is wrong with it, if anything.
    fn misplaced(
        &self,
        kind: Kind,
        (text, shape): (&str, &Shape),
        (loss, measured): (&str, &losses::Typed),
    ) -> Option<Fault> {
        let (word, code) = match kind {
            Kind::Bool => ("mask", Code::BadMask),
            Kind::Float | Kind::Int => ("weight", Code::BadWeight),
        };
        if shape.kind != kind {
            // error: a mask is Bool, but `Present` is Float[batch] [D0417]
            let message = format!("a {word} is {kind}, but `{text}` is {}", shape.with_kind());
            return Some(Fault::new(code, message));
        }
        if measured.unit == Unit::Batch {
            // error: `info_nce` has one value for the whole batch, and no units for the mask `Present` [D0417]
            let message = format!(
                "`{loss}` has one value for the whole batch, and no units for the {word} `{text}`"
            );
            return Some(Fault::new(code, message));
        }
        let leading = Shape {
            kind,
            dims: measured.units.iter().take(shape.rank()).cloned().collect(),
        };
        let difference = leading.difference(shape, &self.scope.facts)?;
        let whole = Shape {
            kind: Kind::Float,
            dims: measured.units.clone(),
        };
        let of = if loss.is_empty() {
            "the path".to_owned()
        } else {
            format!("`{loss}`")
        };
        // error: the mask `Real` does not lie on leading axes of the values of `cross_entropy` [D0417]
        let message =
            format!("the {word} `{text}` does not lie on leading axes of the values of {of}");
        let width = text.chars().count().max("values".len() - 2);
        let padding = |name: &str| " ".repeat(width.saturating_sub(name.chars().count()));
        let fault = Fault::new(code, message)
            .note(format!(
                "values{} : {whole}",
                " ".repeat(width + 2 - "values".len())
            ))
            .note(format!("`{text}`{} : {shape}", padding(text)));
        Some(losses::left_to_rustc(fault, Some(&difference)))
    }
}
