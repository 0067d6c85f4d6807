//! Products in paths: their factors.

use diagram_core::fault::nearest;
use diagram_core::spelling::raw;
use diagram_core::{Code, Fault, MorphismId, check};
use proc_macro2::{Ident, Literal};

use crate::lower::paths::{PathTyping, Typed, ends_of};
use crate::place::Place;
use crate::syntax::tree::{self, PathKind, Rust, bare, shown};

impl PathTyping<'_, '_> {
    /// The one factor of a path that must be in one object.
    pub(in crate::lower) fn one(&mut self, path: &tree::Path) -> Option<Typed> {
        let value = self.path(path)?;
        if let [one] = value.as_slice() {
            return Some(one.clone());
        }
        let text = shown(path);
        // error: `encode` ends in the product `Mean * LogVar`, and a cell compares one object [D0414]
        let message = format!(
            "`{text}` ends in the product `{}`, and a cell compares one object",
            self.product_of(&value)
        );
        let objects = value.iter().map(|factor| factor.end.object);
        let help = match (&path.kind, &objects.collect::<Vec<_>>()[..]) {
            (PathKind::Tuple(parts), _) => {
                let part = parts.first();
                part.map(|part| format!("a cell for each part, such as `{part}`"))
            }
            (_, [first, rest @ ..]) if rest.contains(first) => {
                Some(format!("take a factor of it: `{path}.0`"))
            }
            (_, [first, ..]) => {
                let first = raw(&self.diagram.object(*first).name);
                Some(format!("take a factor of it: `{path}.{first}`"))
            }
            (_, []) => None,
        };
        let fault = Fault::new(Code::ProductInCell, message).maybe_help(help);
        self.fault(path.place, fault);
        None
    }

    /// What a morphism of one argument takes of a product: the factor in its domain, by its name where that
    /// tells which.
    pub(in crate::lower) fn factor_for(&self, id: MorphismId, value: &[Typed]) -> Option<String> {
        let [domain] = &self.diagram.morphism(id).domain[..] else {
            return None;
        };
        let fits = |factor: &Typed| factor.end.object == domain.object;
        let first = value.iter().position(fits)?;
        Some(if value.iter().filter(|factor| fits(factor)).count() == 1 {
            raw(&self.diagram.object(domain.object).name).into_owned()
        } else {
            first.to_string()
        })
    }

    /// `p.Mean`: the factor of a product that is in this object.
    pub(in crate::lower) fn factor_of(
        &mut self,
        path: &tree::Path,
        value: &[Typed],
        object: &Ident,
    ) -> Option<Vec<Typed>> {
        let place = Place::of(object.span());
        let name = bare(object);
        self.is_product(path, value, place)?;
        let object = |factor: &Typed| &self.diagram.object(factor.end.object).name;
        let factors: Vec<_> = value.iter().map(object).collect();
        let found: Vec<_> = (0..value.len())
            .filter(|at| *factors[*at] == name)
            .collect();
        let fault = match found.as_slice() {
            [one] => return Some(vec![value[*one].clone()]),
            // error: `encode` has no factor `Men`: it ends in `Mean * LogVar` [D0413]
            [] => {
                let near = nearest(&name, factors.into_iter().map(String::as_str));
                let message = format!(
                    "`{}` has no factor `{name}`: it ends in `{}`",
                    shown(path),
                    self.product_of(value)
                );
                let fault = Fault::new(Code::NoFactor, message);
                fault.maybe_help(near.map(|near| format!("did you mean `{near}`?")))
            }
            // error: `pair` has 2 factors `Code` [D0413]
            [first, ..] => {
                let (text, count) = (shown(path), found.len());
                let message = format!("`{text}` has {count} factors `{name}`");
                let fault = Fault::new(Code::NoFactor, message);
                fault.help(format!("say which by its position: `{path}.{first}`"))
            }
        };
        self.fault(place, fault);
        None
    }

    /// `p.0`: the factor of a product at this position.
    pub(in crate::lower) fn factor_at(
        &mut self,
        path: &tree::Path,
        value: &[Typed],
        position: &Rust<Literal>,
        place: Place,
    ) -> Option<Vec<Typed>> {
        self.is_product(path, value, place)?;
        let number = position.text();
        let factor = number.parse::<usize>().ok().and_then(|at| value.get(at));
        if let Some(factor) = factor {
            return Some(vec![factor.clone()]);
        }
        let ends = ends_of(value);
        let fault = check::no_factor_at(self.diagram, &shown(path), &number, &ends);
        self.fault(place, fault);
        None
    }

    fn is_product(&mut self, path: &tree::Path, value: &[Typed], place: Place) -> Option<()> {
        let [one] = value else {
            return Some(());
        };
        let fault = check::no_product(self.diagram, &shown(path), &one.end);
        self.fault(place, fault);
        None
    }

    /// The spaces that a value is in: `Mean * LogVar`.
    pub(in crate::lower) fn product_of(&self, value: &[Typed]) -> String {
        self.diagram.product(&ends_of(value))
    }
}
