//! The table of paths, and where they end.

use diagram_core::path::Untidy;
use diagram_core::{
    Entry, Fault, Filled, Morphism, Path, Paths, Shape, Space, Term, check, spaces::spaces_of,
};

use super::ids::term_paths;
use super::{At, ReadError, Reader, fault, form};

/// The terms of a diagram are a table of paths.
pub(super) fn are_paths(terms: Vec<Term>) -> Result<(), ReadError> {
    for (index, term) in terms.iter().enumerate() {
        term_paths(term, terms.len()).at_item("paths.terms", index)?;
    }
    match Paths::of_terms(terms) {
        Ok(_) => Ok(()),
        Err((_, Untidy::Many)) => Err(check::too_many_applications()).at("paths"),
        Err((index, untidy)) => Err(form(untidy.to_string())).at_item("paths.terms", index),
    }
}

/// A fault of a path, at its place in the table.
fn placed((path, found): (Path, Fault)) -> ReadError {
    fault(found).within(format!("paths.terms[{}]", path.0))
}

impl Reader<'_> {
    /// Every path that is made of data alone, and what can be said of the others.
    pub(super) fn paths(self) -> Result<(), ReadError> {
        let diagram = self.diagram;
        let mut open: Vec<bool> = Vec::new();
        for (index, term) in diagram.paths.terms().enumerate() {
            self.term(term).at_item("paths.terms", index)?;
            let mut parts = term.parts().iter();
            open.push(matches!(term, Term::Input(_)) || parts.any(|part| open[part.0]));
        }
        let closed: Vec<Path> = (0..open.len())
            .filter(|index| !open[*index])
            .map(Path)
            .collect();
        let ends = check::path_ends(diagram, &closed, &[]).map_err(placed)?;
        for path in closed {
            if let Term::Number(like, filled) = diagram.paths.term(path) {
                let like = ends.get(like).and_then(|ends| ends.first());
                let like = like.map(|space| diagram.shape(space));
                filled_like(filled, like.as_ref()).at_item("paths.terms", path.0)?;
            }
        }
        Ok(())
    }

    fn term(self, term: &Term) -> Result<(), ReadError> {
        let number = |part: &&Path| matches!(self.diagram.paths.term(**part), Term::Number(..));
        let body: &[Path] = match term {
            Term::Power(power, _) => &power.body,
            _ => &[],
        };
        if term.parts().iter().chain(body).any(|part| number(&part)) {
            return Err(form("a number stands only on one side of a cell"));
        }
        match term {
            Term::Power(power, _) => {
                if power.body.is_empty() {
                    return Err(form("a power applies something")).at("Power[0].body");
                }
                self.count(&power.times).at("Power[0].times")
            }
            Term::Scale(_, multiple) => self.multiple(multiple).at("Scale[1]"),
            _ => Ok(()),
        }
    }

    /// The one space in which each path ends, of data alone.
    pub(super) fn ends_of(self, paths: &[Path]) -> Result<Vec<Space>, ReadError> {
        // What is wrong with paths of data alone was said at their places.
        let known =
            check::path_ends(self.diagram, paths, &[]).map_err(|(_, found)| fault(found))?;
        let ends = paths
            .iter()
            .map(|path| match known.get(path).map(Vec::as_slice) {
                Some([one]) => Ok(one.clone()),
                found => {
                    let found = found.unwrap_or_default();
                    Err(fault(check::product_in_path(self.diagram, *path, found)))
                }
            });
        ends.collect()
    }

    pub(super) fn composite(self, morphism: &Morphism, paths: &[Path]) -> Result<(), ReadError> {
        let diagram = self.diagram;
        let known = check::path_ends(diagram, paths, &morphism.domain)
            .map_err(|(path, found)| fault(found.note(format!("in path {}", path.0))))
            .at("definition.Composite.paths")?;
        for (index, path) in paths.iter().enumerate() {
            let one = known.get(path).is_some_and(|ends| ends.len() == 1);
            let number = matches!(diagram.paths.term(*path), Term::Number(..));
            if !one || number {
                let text = "a path of a composite ends in one object";
                return Err(form(text)).at_item("definition.Composite.paths", index);
            }
        }
        let ends = spaces_of(paths, &known);
        let drawn = check::drawn_as(diagram, morphism, &morphism.domain, &ends);
        drawn.at("definition.Composite.paths")
    }
}

/// A tensor of one value beside another: of its shape, or a class for each unit.
fn filled_like(filled: &Filled, like: Option<&Shape>) -> Result<(), ReadError> {
    let rank = like.map_or(0, Shape::rank);
    match (filled.without, &filled.value) {
        (None, _) => Ok(()),
        (Some(axis), Entry::Int(_)) if axis < rank => Ok(()),
        (Some(axis), Entry::Int(_)) => {
            Err(form(format!("there is no axis {axis}: there are {rank}"))).at("Number[1]")
        }
        (Some(_), _) => Err(form("a class is a whole number")).at("Number[1]"),
    }
}
