//! Names that are declared, and the facts about dims.

use std::collections::{HashMap, HashSet};

use diagram_core::dim::Fact;
use diagram_core::{Diagram, Snippet, check};

use super::{At, ReadError, Reader, fault, form};

/// What a name is spelt like.
fn is_name(text: &str) -> bool {
    let mut letters = text.chars();
    let first = letters.next();
    let starts = first.is_some_and(|first| first.is_alphabetic() || first == '_');
    starts && text != "_" && letters.all(|letter| letter.is_alphanumeric() || letter == '_')
}

/// A name is spelt like one.
fn spelt(name: &str) -> Result<(), ReadError> {
    match name {
        "" => Err(form("a name is empty")),
        name if is_name(name) => Ok(()),
        name => Err(form(format!(
            "`{name}` is no name: it is made of letters, digits and `_`, and begins with no digit"
        ))),
    }
}

/// Whether a type is a generic of a diagram: that of a slot.
pub(super) fn is_slot(diagram: &Diagram, ty: &Snippet) -> bool {
    let mut types = diagram
        .generics
        .iter()
        .filter(|generic| !generic.is_constant());
    types.any(|generic| *ty == generic.name.as_str())
}

/// The names that are declared so far, in one namespace.
#[derive(Default)]
struct Declared<'a>(HashSet<&'a str>);

impl<'a> Declared<'a> {
    fn declare(&mut self, name: &'a str) -> Result<(), ReadError> {
        spelt(name)?;
        if self.0.insert(name) {
            Ok(())
        } else {
            Err(fault(check::declared_twice(name)))
        }
    }
}

impl Reader<'_> {
    pub(super) fn names(self) -> Result<(), ReadError> {
        let diagram = self.diagram;
        spelt(&diagram.name).at("name")?;
        let mut declared = Declared::default();
        for (index, generic) in diagram.generics.iter().enumerate() {
            let sound = if generic.is_constant() {
                declared.declare(&generic.name)
            } else {
                spelt(&generic.name)
            };
            sound.at_item("generics", index)?;
        }
        for (index, hyper) in diagram.hypers.iter().enumerate() {
            declared.declare(&hyper.name).at_item("hypers", index)?;
        }
        for (index, name) in diagram.dynamics.iter().enumerate() {
            declared.declare(name).at_item("dynamics", index)?;
        }
        // A const generic is declared, and named as a constant.
        let mut constants = HashSet::new();
        for (index, name) in diagram.constants.iter().enumerate() {
            let mut generics = diagram.generics.iter();
            let is_generic = generics.any(|known| known.is_constant() && known.name == *name);
            let known = declared.0.contains(name.as_str()) && !is_generic;
            let sound = match name.as_str() {
                "" => Err(form("a name is empty")),
                name if known || !constants.insert(name) => Err(fault(check::declared_twice(name))),
                _ => Ok(()),
            };
            sound.at_item("constants", index)?;
        }
        for (index, object) in diagram.objects.iter().enumerate() {
            declared.declare(&object.name).at_item("objects", index)?;
        }
        let objects: HashMap<&str, usize> = diagram
            .objects
            .iter()
            .enumerate()
            .map(|(index, object)| (object.name.as_str(), index))
            .collect();
        let mut own = HashSet::new();
        for (index, datum) in diagram.data.iter().enumerate() {
            // The datum of an object's own name is declared with the object.
            let is_own = objects.get(datum.name.as_str()) == Some(&datum.space.object.0)
                && datum.space.dims.is_empty()
                && own.insert(datum.name.as_str());
            if !is_own {
                declared.declare(&datum.name).at_item("data", index)?;
            }
        }
        for (index, morphism) in diagram.morphisms.iter().enumerate() {
            declared
                .declare(&morphism.name)
                .at_item("morphisms", index)?;
        }
        self.own_names()?;
        self.facts()
    }

    /// Cells and what is learned have names of their own.
    fn own_names(self) -> Result<(), ReadError> {
        let mut cells = HashSet::new();
        for (index, cell) in self.diagram.cells.iter().enumerate() {
            let Some(name) = &cell.name else { continue };
            let sound = spelt(name).and_then(|()| {
                if cells.insert(name) {
                    Ok(())
                } else {
                    Err(fault(check::cell_declared_twice(name)))
                }
            });
            sound.at("name").at_item("cells", index)?;
        }
        let mut learned = HashSet::new();
        for (index, one) in self.diagram.learned.iter().enumerate() {
            let sound = spelt(&one.name).and_then(|()| {
                if learned.insert(&one.name) {
                    Ok(())
                } else {
                    Err(fault(check::learned_named_twice(&one.name)))
                }
            });
            let start = check::learnable_from(one.start).map_err(fault);
            sound.and(start).at_item("learned", index)?;
        }
        Ok(())
    }

    /// Facts speak of sizes, divide by no 0, and do not contradict each other.
    fn facts(self) -> Result<(), ReadError> {
        let facts = &self.diagram.facts;
        let stated = match facts.asserted() {
            [] => "facts",
            _ => "facts.stated",
        };
        for (index, fact) in facts.given().iter().enumerate() {
            self.fact(fact).at_item(stated, index)?;
        }
        for (index, fact) in facts.asserted().iter().enumerate() {
            self.asserted(fact).at_item("facts.asserted", index)?;
        }
        let Some(places) = facts.contradiction() else {
            return Ok(());
        };
        let together = places.iter().filter_map(|at| facts.given().get(*at));
        let fault = check::contradiction(&together.collect::<Vec<_>>());
        // At the fact that completes it.
        Err(fault).at_item(stated, places.last().copied().unwrap_or_default())
    }

    /// What rustc checks is about constants.
    fn asserted(self, fact: &Fact) -> Result<(), ReadError> {
        self.fact(fact)?;
        let symbols = fact.symbols();
        let constant = |name: &&str| self.diagram.constants.iter().any(|one| one == name);
        if !symbols.is_empty() && symbols.iter().all(constant) {
            return Ok(());
        }
        let text = format!("`{fact}` is asserted, and is not about constants alone");
        Err(form(text))
    }

    fn fact(self, fact: &Fact) -> Result<(), ReadError> {
        for dim in [&fact.left, &fact.right] {
            check::names_sizes(self.diagram, dim)?;
        }
        Ok(check::fact(fact)?)
    }
}

#[cfg(test)]
mod tests {
    use super::is_name;

    #[test]
    fn names_are_spelt_like_identifiers() {
        for name in ["Image", "_x", "größe", "a1", "__", "x_"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "_", "1a", "a b", "a\"", "a-b", "a::b"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
