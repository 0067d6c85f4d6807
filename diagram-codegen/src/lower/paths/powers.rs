//! Powers in paths: by a number they are unfolded, by a name they are a loop.

use diagram_core::dim::simplify;
use diagram_core::{Code, Dim, Fault, MorphismId, Path, Power, Space, Term, check};
use proc_macro2::Ident;

use crate::lower::header::names::Entity;
use crate::lower::paths::{PathTyping, Typed, ends_of};
use crate::place::Place;
use crate::syntax::tree::{self, Count, PathKind, bare};

/// How often a power in a path may apply a morphism, whose code grows with it.
const TIMES: u64 = 1000;

/// A value with its factors, unless it is at fault.
type Value = Option<Vec<Typed>>;

impl PathTyping<'_, '_> {
    /// How often a morphism is applied in a path.
    pub(in crate::lower) fn times(&mut self, count: &Count) -> Option<Dim> {
        let place = count.0.place;
        let times = self.rules.count(&count.0)?;
        let times = simplify(&times);
        match times.literal() {
            Some(number) if number > TIMES => {
                // error: a path applies a morphism at most 1000 times, but is given 5000 [D0312]
                let message = format!(
                    "a path applies a morphism at most {TIMES} times, but is given {number}"
                );
                self.fault(place, Fault::new(Code::ArgumentRange, message));
                None
            }
            _ => Some(times),
        }
    }

    /// Whether the paths can still be evaluated by code of a reasonable length.
    pub(in crate::lower) fn stays_small(&mut self, place: Place) -> bool {
        self.rules.reports.stays_small(&self.diagram.paths, place)
    }

    /// `f^n`, which stands first: it is applied to the data named as the domain of its first morphism.
    pub(in crate::lower) fn first_power(
        &mut self,
        inner: &tree::Path,
        count: &Count,
    ) -> Option<Vec<Typed>> {
        let times = self.times(count)?;
        let (start, times) = match (times.literal(), self.first_of(inner)) {
            // The first application is the path itself.
            (Some(times), _) => (self.path(inner)?, Dim::Literal(times.saturating_sub(1))),
            (None, Some((name, id))) => (self.data_named(name, id)?, times),
            // A value, or what is at fault: neither follows itself, which is said of it.
            (None, None) => (self.path(inner)?, times),
        };
        self.repeated(Some(start), &times, count, &mut |typing, value| {
            typing.then(value, inner, inner)
        })
    }

    /// The morphism that a path applies first.
    fn first_of<'p>(&self, path: &'p tree::Path) -> Option<(&'p Ident, MorphismId)> {
        match &path.kind {
            PathKind::Name(name) => match self.names.get(&bare(name)) {
                Some(Entity::Morphism(id)) if !self.faulty.morphisms.contains(&id) => {
                    Some((name, id))
                }
                _ => None,
            },
            PathKind::Compose(parts) | PathKind::Tuple(parts) => self.first_of(parts.first()?),
            PathKind::Power(inner, _)
            | PathKind::Factor(inner, _)
            | PathKind::Position(inner, _) => self.first_of(inner),
            PathKind::Apply(..) | PathKind::Gradient { .. } | PathKind::Number(_) => None,
        }
    }

    /// The inputs of a composite of this domain.
    pub(in crate::lower) fn inputs<'s>(
        &mut self,
        domain: impl Iterator<Item = &'s Space>,
    ) -> Vec<Typed> {
        let inputs = domain.enumerate().map(|(position, end)| {
            let path = self.diagram.paths.intern(Term::Input(position));
            let end = end.clone();
            Typed { path, end }
        });
        inputs.collect()
    }

    /// So many steps from a value.
    pub(in crate::lower) fn repeated(
        &mut self,
        value: Option<Vec<Typed>>,
        times: &Dim,
        count: &Count,
        step: &mut dyn FnMut(&mut Self, Value) -> Value,
    ) -> Option<Vec<Typed>> {
        if let Some(times) = times.literal() {
            let mut value = value;
            for _ in 0..times {
                // What is wrong with a step is said once.
                value = Some(step(self, value)?);
            }
            return value;
        }
        let Some(value) = value else {
            return step(self, None);
        };
        let inputs = self.inputs(value.iter().map(|one| &one.end));
        let body = step(self, Some(inputs))?;
        let (before, after) = (ends_of(&value), ends_of(&body));
        if let Err(fault) = check::power_ends_where_it_starts(self.diagram, &before, &after) {
            // Where it cannot follow itself, that is what is wrong.
            step(self, Some(body))?;
            self.fault(count.0.place, fault);
            return None;
        }
        let paths = |typed: &[Typed]| typed.iter().map(|one| one.path).collect::<Vec<Path>>();
        let power = Power {
            body: paths(&body),
            times: times.clone(),
        };
        let applied = self.diagram.paths.intern(Term::Power(power, paths(&value)));
        if !self.stays_small(count.0.place) {
            return None;
        }
        let several = value.len() > 1;
        let factors = value.into_iter().enumerate().map(|(position, one)| {
            let path = if several {
                self.diagram.paths.intern(Term::Factor(applied, position))
            } else {
                applied
            };
            Typed { path, end: one.end }
        });
        Some(factors.collect())
    }
}
