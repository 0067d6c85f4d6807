//! The paths of a drawing, as a person writes them.

use diagram_core::commute::{Apart, Commuting, MOST_CELLS, Meeting};
use diagram_core::{Code, Diagram, Fault, Kind, MorphismId, ObjectId, Path, Paths, Term};
use proc_macro2::{Literal, Span};

use crate::idents::field_ident;
use crate::place::Place;
use crate::syntax::tree::{self, PathKind, Rust, shown};

/// The paths of a drawing, which are in a table of their own.
pub(in crate::lower) struct Drawing<'p> {
    diagram: &'p Diagram,
    paths: &'p Paths,
}

impl<'p> Drawing<'p> {
    pub(in crate::lower) fn of(diagram: &'p Diagram, found: &'p Commuting) -> Self {
        let paths = &found.paths;
        Drawing { diagram, paths }
    }
}

/// What is said of paths that make no cell, or too many.
impl Drawing<'_> {
    pub(in crate::lower) fn too_many<'l>(
        &self,
        found: &Commuting,
        by: impl Fn(ObjectId) -> Option<&'l tree::Loss>,
        word: Place,
    ) -> Fault {
        let (count, or_more) = (found.count(), if found.complete { "" } else { "over " });
        let message = if count > MOST_CELLS {
            // error: `commutes` would make 45 cells, and it makes at most 32 [D0421]
            format!(
                "`commutes` would make {or_more}{count} cells, and it makes at most {MOST_CELLS}"
            )
        } else {
            // error: `commutes` finds over 1000 paths, too many to look at [D0421]
            let paths: usize = found.ends.iter().map(|end| end.paths.len()).sum();
            format!("`commutes` finds over {paths} paths, too many to look at")
        };
        let mut fault = Fault::new(Code::TooManyCells, message);
        let cells = found.ends.iter().filter(|end| end.count > 0);
        for end in cells.clone().take(SHOWN) {
            let object = &self.diagram.object(end.object).name;
            let (count, paths) = (end.count, end.paths.len());
            fault = fault.note(format!("`{object}` : {count} cells of {paths} paths"));
        }
        let first = cells
            .clone()
            .find_map(|end| Some((end.object, end.pairs.first()?)));
        fault.maybe_help(first.map(|(object, [left, right])| {
            let sides = [left, right].map(|path| self.written(*path, word));
            let [left, right] = sides.map(|side| side.to_string());
            let by = by(object).map_or(String::new(), |loss| format!(" by {loss}"));
            format!("write those that you mean, such as `{left} ~ {right}{by};`")
        }))
    }

    pub(in crate::lower) fn no_cell(&self, found: &Commuting) -> Fault {
        // error: `commutes` makes no cell: no two paths of the drawing must agree [D0420]
        let message = "`commutes` makes no cell: no two paths of the drawing must agree";
        let fault = Fault::new(Code::NothingCommutes, message);
        let several = found.ends.iter().filter(|end| end.paths.len() > 1);
        let mut notes = several.take(SHOWN).map(|end| {
            let paths = self.listed_paths(end);
            let object = &self.diagram.object(end.object).name;
            format!("`{object}` : {paths}: {}", self.why_apart(end))
        });
        match notes.next() {
            None => fault.note("no object has two paths from data to it"),
            Some(first) => notes.fold(fault.note(first), Fault::note),
        }
    }

    pub(in crate::lower) fn no_cell_at(&self, meeting: &Meeting) -> Fault {
        let object = &self.diagram.object(meeting.object).name;
        let listed = self.listed_paths(meeting);
        let (message, note) = match meeting.paths.len() {
            // error: nothing commutes at `Code`: no path from data leads to it [D0420]
            0 => (
                format!("nothing commutes at `{object}`: no path from data leads to it"),
                None,
            ),
            // error: nothing commutes at `Code`: the only path to it is `encode` [D0420]
            1 => (
                format!("nothing commutes at `{object}`: the only path to it is {listed}"),
                None,
            ),
            // error: nothing commutes at `Code`: no two paths to it must agree [D0420]
            _ => (
                format!("nothing commutes at `{object}`: no two paths to it must agree"),
                Some(format!("{listed}: {}", self.why_apart(meeting))),
            ),
        };
        let fault = Fault::new(Code::NothingCommutes, message);
        note.into_iter().fold(fault, Fault::note)
    }

    /// `see`, `read` and 8 more
    fn listed_paths(&self, meeting: &Meeting) -> String {
        let word = Place::of(Span::call_site());
        let shown_paths = meeting.paths.iter().take(SHOWN);
        let texts = shown_paths.map(|path| format!("`{}`", shown(&self.written(*path, word))));
        let texts = texts.collect::<Vec<_>>().join(", ");
        match meeting.paths.len().saturating_sub(SHOWN) {
            0 => texts,
            more => format!("{texts} and {more} more"),
        }
    }

    fn why_apart(&self, meeting: &Meeting) -> String {
        let object = self.diagram.object(meeting.object);
        let whys = meeting.apart.iter().map(|why| match why {
            Apart::Untrained if object.shape.kind != Kind::Float => {
                format!(
                    "no gradient passes `{}`, which is {}",
                    object.name, object.shape
                )
            }
            Apart::Untrained => "nothing on them is trained".to_owned(),
            Apart::Data => "they read different data of one space".to_owned(),
            Apart::Dims => "they end at different dims".to_owned(),
        });
        whys.collect::<Vec<_>>().join("; ")
    }
}

/// How many paths, or objects, a message shows.
const SHOWN: usize = 6;

/// Paths as a person writes them.
impl Drawing<'_> {
    /// A path of the drawing, all of it at one place.
    pub(in crate::lower) fn written(&self, path: Path, place: Place) -> tree::Path {
        let made = |kind| tree::Path { kind, place };
        let name = |text: &str| {
            let mut name = field_ident(text);
            name.set_span(place.start);
            name
        };
        // What is composed is found from its end to its start.
        let mut parts = Vec::new();
        let mut next = Some(path);
        while let Some(path) = next {
            let (applied, factor) = match self.paths.term(path) {
                Term::Factor(product, position) => (*product, Some(*position)),
                _ => (path, None),
            };
            let (part, before) = match self.paths.term(applied) {
                Term::Apply(id, arguments, _) => {
                    let of = name(&self.diagram.morphism(*id).name);
                    let before = self.composed_with(arguments);
                    if before.is_some() || self.stands_alone(*id, arguments) {
                        (PathKind::Name(of), before)
                    } else {
                        let arguments = arguments.iter();
                        let arguments = arguments.map(|one| self.written(*one, place));
                        (PathKind::Apply(of, arguments.collect()), None)
                    }
                }
                Term::Datum(id) => (PathKind::Name(name(&self.diagram.datum(*id).name)), None),
                // A drawing has no other terms.
                Term::Input(_)
                | Term::Power(..)
                | Term::Factor(..)
                | Term::Stop(_)
                | Term::Scale(..)
                | Term::Number(..) => break,
            };
            let part = match (factor, self.paths.term(applied)) {
                (Some(position), Term::Apply(id, ..)) => {
                    let product = Box::new(made(part));
                    match self.factor_name(*id, position) {
                        Some(object) => PathKind::Factor(product, name(object)),
                        None => {
                            let position = Literal::usize_unsuffixed(position);
                            PathKind::Position(product, Rust(position))
                        }
                    }
                }
                _ => part,
            };
            parts.push(made(part));
            next = before;
        }
        parts.reverse();
        match <[tree::Path; 1]>::try_from(parts) {
            Ok([one]) => one,
            Err(parts) => made(PathKind::Compose(parts)),
        }
    }

    /// Whether a morphism is on the data named as its domain.
    fn stands_alone(&self, id: MorphismId, arguments: &[Path]) -> bool {
        let domain = &self.diagram.morphism(id).domain;
        let mut pairs = arguments.iter().zip(domain);
        pairs.all(|(path, space)| match self.paths.term(*path) {
            Term::Datum(datum) => {
                self.diagram.datum(*datum).name == self.diagram.object(space.object).name
            }
            _ => false,
        })
    }

    /// What a morphism on these arguments is written behind: its one argument, or a whole product, which
    /// is spread over them.
    fn composed_with(&self, arguments: &[Path]) -> Option<Path> {
        let first = arguments.first()?;
        match self.paths.term(*first) {
            Term::Datum(_) => None,
            Term::Factor(product, _) if arguments.len() > 1 => {
                let Term::Apply(of, ..) = self.paths.term(*product) else {
                    return None;
                };
                let whole = arguments.len() == self.diagram.morphism(*of).codomain.len();
                let mut factors = arguments.iter().enumerate();
                let in_order = factors.all(|(position, path)| {
                    *self.paths.term(*path) == Term::Factor(*product, position)
                });
                (whole && in_order).then_some(*product)
            }
            _ => (arguments.len() == 1).then_some(*first),
        }
    }

    /// The object that tells which factor of a morphism this is; `None` where another is in it, too.
    fn factor_name(&self, id: MorphismId, position: usize) -> Option<&str> {
        let codomain = &self.diagram.morphism(id).codomain;
        let object = codomain.get(position)?.object;
        let alike = codomain.iter().filter(|space| space.object == object);
        let object = &self.diagram.object(object).name;
        (alike.count() == 1).then_some(object.as_str())
    }
}
