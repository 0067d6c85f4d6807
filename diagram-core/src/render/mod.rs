//! A diagram as text and as Mermaid; one file per format.

mod mermaid;
mod plan;
mod text;

use std::fmt;

use crate::diagram::{Datum, Diagram, Morphism};
use crate::path::{Path, Term};
use crate::plan::Planned;

impl Diagram {
    /// The diagram as a [Mermaid](https://mermaid.js.org) flowchart: objects as nodes (data with a
    /// double border), morphisms as arrows, cells listed below.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// The factors of a morphism's domain or codomain, as they are drawn: `Image * Question`, or `()`.
    ///
    /// # Panics
    ///
    /// If a space is of another diagram.
    #[must_use]
    pub fn product(&self, factors: &[crate::Space]) -> String {
        if factors.is_empty() {
            return "()".to_owned();
        }
        let names: Vec<_> = factors.iter().map(|space| self.space(space)).collect();
        names.join(" * ")
    }

    /// A datum with the rebound dims of its object: `Weak`, `Weak[batch = many]`.
    fn datum_text(&self, datum: &Datum) -> String {
        let space = self.space(&datum.space);
        let object = &self.object(datum.space.object).name;
        format!("{}{}", datum.name, &space[object.len()..])
    }

    /// A path as it is applied: `head(encoder(Image))`, down to two applications. Deeper ones are left out.
    ///
    /// # Panics
    ///
    /// If the path is of another diagram.
    #[must_use]
    pub fn path_text(&self, path: Path) -> String {
        self.term_text(path, 2)
    }

    fn term_text(&self, path: Path, depth: usize) -> String {
        let inner = |path: &Path| match depth {
            0 => "..".to_owned(),
            depth => self.term_text(*path, depth - 1),
        };
        let listed = |name: &str, paths: &[Path]| match depth {
            0 if !paths.is_empty() => format!("{name}(..)"),
            _ => format!(
                "{name}({})",
                paths.iter().map(inner).collect::<Vec<_>>().join(", ")
            ),
        };
        match self.paths.term(path) {
            Term::Datum(id) => self.datum(*id).name.clone(),
            Term::Input(_) => "_".to_owned(),
            Term::Apply(id, arguments, _) => listed(&self.morphism(*id).name, arguments),
            Term::Power(power, arguments) => listed(&format!("(..)^{}", power.times), arguments),
            Term::Factor(of, position) => format!("{}.{position}", self.term_text(*of, depth)),
            Term::Stop(of) => format!("stop({})", inner(of)),
            Term::Scale(of, multiple) => format!("scale({}, {multiple})", inner(of)),
            Term::Number(_, filled) => filled.value.to_string(),
        }
    }

    /// `Image --encoder--> Latent`, `Code[batch = ways * shots] --means--> Means`
    ///
    /// # Panics
    ///
    /// If the morphism is of another diagram.
    #[must_use]
    pub fn arrow(&self, morphism: &Morphism) -> String {
        let (domain, codomain) = (
            self.product(&morphism.domain),
            self.product(&morphism.codomain),
        );
        format!("{domain} --{}--> {codomain}", morphism.name)
    }
}

impl fmt::Display for Planned<'_> {
    /// The plan as text: the evaluations, in order, with their shapes; which of them have no gradient; and the
    /// cost of each morphism.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        plan::render(self, out)
    }
}

impl fmt::Display for Diagram {
    /// The diagram as text: objects, arrows, definitions with the shape after every layer, cells.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::render(self, out)
    }
}
