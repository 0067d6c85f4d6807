//! The ends of a cell: typed paths, and what losses see of them.

use diagram_core::Term;
use diagram_layers::losses::{End, Form};

use crate::lower::paths::{PathTyping, Typed};
use crate::place::Place;
use crate::syntax::tree::{self, Ends, PathKind, shown};

/// An end of a cell, and where it stands.
pub(in crate::lower) struct PlacedEnd {
    pub(in crate::lower) end: End,
    pub(in crate::lower) place: Place,
}

/// The ends alone.
pub(in crate::lower) fn bare_ends(ends: &[PlacedEnd]) -> Vec<End> {
    ends.iter().map(|placed| placed.end.clone()).collect()
}

/// The form in which a cell has its ends.
pub(in crate::lower) fn form(ends: &Ends) -> Form {
    match ends {
        Ends::Agree(..) => Form::Agree,
        Ends::Minimize(_) => Form::Minimize,
    }
}

impl PathTyping<'_, '_> {
    /// The ends of a cell, as losses see them and as typed paths.
    pub(in crate::lower) fn ends(&mut self, ends: &Ends) -> Option<(Vec<PlacedEnd>, Vec<Typed>)> {
        let (left, right) = match ends {
            Ends::Agree(left, right) => (left, right),
            Ends::Minimize(path) => return self.minimised(path),
        };
        let typed = self.sides(left, right);
        let (one, other) = (typed.0?, typed.1?);
        let ends = vec![
            self.end(shown(left), left.place, &one),
            self.end(shown(right), right.place, &other),
        ];
        Some((ends, vec![one, other]))
    }

    fn end(&self, text: String, place: Place, typed: &Typed) -> PlacedEnd {
        let end = End {
            text,
            object: self.diagram.space(&typed.end),
            shape: self.diagram.shape(&typed.end),
            datum: matches!(self.diagram.paths.term(typed.path), Term::Datum(_)),
        };
        PlacedEnd { end, place }
    }

    /// The factors of what is minimised, each as it is written or as the factor that it is.
    fn minimised(&mut self, path: &tree::Path) -> Option<(Vec<PlacedEnd>, Vec<Typed>)> {
        let typed = self.path(path)?;
        let parts = match &path.kind {
            PathKind::Tuple(parts) if parts.len() == typed.len() => Some(parts),
            _ => None,
        };
        let ends = typed.iter().enumerate().map(|(factor, typed)| {
            let part = parts.and_then(|parts| parts.get(factor));
            match part {
                Some(part) => self.end(shown(part), part.place, typed),
                None => {
                    let object = &self.diagram.object(typed.end.object).name;
                    self.end(format!("{path}.{object}"), path.place, typed)
                }
            }
        });
        let mut ends: Vec<_> = ends.collect();
        if let [end] = ends.as_mut_slice() {
            end.end.text = shown(path);
        }
        Some((ends, typed))
    }

    /// The two sides of a cell, each in one object. A number stands for the other side until what it is
    /// compared by is known.
    fn sides(&mut self, left: &tree::Path, right: &tree::Path) -> (Option<Typed>, Option<Typed>) {
        match (&left.kind, &right.kind) {
            (_, PathKind::Number(_)) => {
                let one = self.one(left);
                (one.clone(), one)
            }
            (PathKind::Number(_), _) => {
                let one = self.one(right);
                (one.clone(), one)
            }
            _ => (self.one(left), self.one(right)),
        }
    }
}
