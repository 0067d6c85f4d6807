//! A diagram as text and as Mermaid; one file a format.

mod mermaid;
mod text;

use std::fmt;

use crate::diagram::{Diagram, Morphism};

impl Diagram {
    /// The diagram as a [Mermaid](https://mermaid.js.org) flowchart: objects as nodes (data with a
    /// double border), morphisms as arrows, cells listed below.
    #[must_use]
    pub fn mermaid(&self) -> String {
        mermaid::render(self)
    }

    /// The factors of a morphism's domain or codomain, as they are drawn: `Image * Question`.
    fn product(&self, factors: &[crate::ObjectId]) -> String {
        let names: Vec<_> = factors
            .iter()
            .map(|id| self.object(*id).name.as_str())
            .collect();
        names.join(" * ")
    }

    /// `Image --encoder--> Latent`
    #[must_use]
    pub fn arrow(&self, morphism: &Morphism) -> String {
        let (domain, codomain) = (
            self.product(&morphism.domain),
            self.product(&morphism.codomain),
        );
        format!("{domain} --{}--> {codomain}", morphism.name)
    }
}

impl fmt::Display for Diagram {
    /// The diagram as text: objects, arrows, definitions with the shape after every layer, cells.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        text::render(self, out)
    }
}
