//! A diagram as text and as Mermaid; one file a format.

mod mermaid;
mod plan;
mod text;

use std::fmt;

use crate::diagram::{Datum, Diagram, Morphism};
use crate::plan::Planned;

impl Diagram {
    /// The diagram as a [Mermaid](https://mermaid.js.org) flowchart: objects as nodes (data with a
    /// double border), morphisms as arrows, cells listed below.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// The factors of a morphism's domain or codomain, as they are drawn: `Image * Question`, or `()`.
    #[must_use]
    pub fn product(&self, factors: &[crate::Space]) -> String {
        if factors.is_empty() {
            return "()".to_owned();
        }
        let names: Vec<_> = factors.iter().map(|space| self.space(space)).collect();
        names.join(" * ")
    }

    /// A datum with what is bound anew of its object's dims: `Weak`, `Weak[batch = many]`.
    fn datum_text(&self, datum: &Datum) -> String {
        let space = self.space(&datum.space);
        let object = &self.object(datum.space.object).name;
        format!("{}{}", datum.name, &space[object.len()..])
    }

    /// `Image --encoder--> Latent`, `Code[batch = ways * shots] --means--> Means`
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
    /// The plan as text: what is evaluated, in order, with its shapes; what of it has no gradient; and what each
    /// morphism costs.
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
