//! Paths: what each name in them means, and where they end.

use std::cell::OnceCell;
use std::fmt::Display;

use diagram_core::check::StandIns;
use diagram_core::{Code, Definition, Diagram, Draw, Fault, MorphismId, Path, Space, Term, check};
use proc_macro2::{Ident, Span};

use crate::lower::cells::learned::LearnedScalars;
use crate::lower::header::names::{Entity, Names};
use crate::lower::header::unsupported::not_yet;
use crate::lower::output::Faulty;
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, PathKind, bare, shown};
use diagram_layers::layers;

mod arguments;
mod factors;
mod gradients;
mod powers;

/// A path with its end; a product has one per factor.
#[derive(Clone, Debug)]
pub(in crate::lower) struct Typed {
    pub(in crate::lower) path: Path,
    pub(in crate::lower) end: Space,
}

/// Where paths end.
pub(in crate::lower) fn ends_of(value: &[Typed]) -> Vec<Space> {
    value.iter().map(|typed| typed.end.clone()).collect()
}

/// What paths are typed with. Of the diagram they change the table of paths alone.
pub(in crate::lower) struct PathTyping<'p, 'd> {
    pub(in crate::lower) names: &'p Names,
    pub(in crate::lower) faulty: &'p Faulty,
    pub(in crate::lower) diagram: &'p mut Diagram,
    pub(in crate::lower) learned: &'p mut LearnedScalars,
    pub(in crate::lower) rules: &'p mut Rules<'d>,
    /// What may stand in place of an argument, for messages; found when it is asked for first.
    pub(in crate::lower) stand_ins: &'p OnceCell<StandIns>,
}

impl PathTyping<'_, '_> {
    pub(in crate::lower) fn fault(&mut self, place: Place, fault: Fault) {
        self.rules.fault(place, fault);
    }

    /// The value that a path has for every sample. `None` where it is at fault, which is recorded, or
    /// depends on what is.
    pub(in crate::lower) fn path(&mut self, path: &tree::Path) -> Option<Vec<Typed>> {
        match &path.kind {
            PathKind::Name(name) => match self.in_path(name)? {
                Entity::Morphism(id) => self.alone(name, id),
                Entity::Datum(id) | Entity::Space(_, id) => {
                    let path = self.diagram.paths.intern(Term::Datum(id));
                    let end = self.diagram.datum(id).space.clone();
                    self.faulty
                        .sound(end.object)
                        .then(|| vec![Typed { path, end }])
                }
                _ => None,
            },
            PathKind::Compose(parts) => self.compose(parts),
            PathKind::Apply(name, arguments) => self.apply(name, arguments),
            PathKind::Gradient { word, path, scalar } => self.scaled(word, path, scalar),
            PathKind::Tuple(parts) => {
                // Every part is looked at, whatever is wrong with another.
                let parts: Vec<_> = parts.iter().map(|part| self.path(part)).collect();
                let parts: Option<Vec<_>> = parts.into_iter().collect();
                Some(parts?.concat())
            }
            PathKind::Power(inner, count) => self.first_power(inner, count),
            PathKind::Factor(inner, object) => {
                let value = self.path(inner)?;
                self.factor_of(inner, &value, object)
            }
            PathKind::Position(inner, position) => {
                let value = self.path(inner)?;
                self.factor_at(inner, &value, position, path.place)
            }
            PathKind::Number(_) => {
                self.unsupported_path(path.place, "a number elsewhere than on one side of a cell")
            }
        }
    }

    fn unsupported_path<T>(&mut self, place: Place, what: &str) -> Option<T> {
        self.fault(place, not_yet(what));
        None
    }

    /// A datum that an object might have.
    fn datum_like(&self, object: &str) -> String {
        let free = |name: &String| self.names.get(name).is_none();
        let names = ["Target", "Given"].map(str::to_owned).into_iter();
        let name = names.chain([format!("{object}Given")]).find(free);
        let name = name.unwrap_or_else(|| format!("Given{object}"));
        format!("declare data of it, `data {name}: {object};`, and write `{name}` here")
    }

    /// What a name in a path stands for.
    fn in_path(&mut self, name: &Ident) -> Option<Entity> {
        let place = Place::of(name.span());
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Morphism(id)) if self.faulty.morphisms.contains(&id) => None,
            found @ Some(Entity::Morphism(_) | Entity::Datum(_) | Entity::Space(..)) => found,
            Some(Entity::Object(id)) => {
                let mut data = self
                    .diagram
                    .data
                    .iter()
                    .filter(|datum| datum.space.object == id);
                let fault = match data.next() {
                    // error: `Photo` is an object and no datum: it has no value of its own [D0406]
                    Some(datum) => Fault::new(
                        Code::NoDatum,
                        format!("`{text}` is an object and no datum: it has no value of its own"),
                    )
                    .help(format!("name a datum of it: `{}`", datum.name)),
                    // error: `Latent` is an object without data, so it has no value [D0406]
                    None => Fault::new(
                        Code::NoDatum,
                        format!("`{text}` is an object without data, so it has no value"),
                    )
                    .help(self.datum_like(&text)),
                };
                self.fault(place, fault);
                None
            }
            Some(Entity::Faulty) => None,
            Some(other) => {
                let code = Code::UnknownMorphism;
                self.fault(
                    place,
                    other.instead_of(code, &text, "a morphism or a datum"),
                );
                None
            }
            // error: `softmax` is a layer, and layers stand in definitions [D0102]
            None if layers::find(&text).is_some() => {
                let message = format!("`{text}` is a layer, and layers stand in definitions");
                let fault = Fault::new(Code::UnknownMorphism, message);
                let help = "draw a morphism, define it by that layer, and name it here";
                self.rules.reports.absent(name, fault.help(help));
                None
            }
            None => {
                let fault = check::not_found(
                    Code::UnknownMorphism,
                    "morphism or datum",
                    &text,
                    self.names.in_paths(),
                );
                self.rules.reports.absent(name, fault);
                None
            }
        }
    }

    /// A morphism that stands alone is applied to the datum named as its domain.
    fn alone(&mut self, name: &Ident, id: MorphismId) -> Option<Vec<Typed>> {
        let arguments = self.data_named(name, id)?;
        let factors = &self.diagram.morphism(id).domain;
        let data = factors
            .iter()
            .map(|space| self.diagram.object(space.object).name.clone());
        let data: Vec<String> = data.collect();
        let written = data
            .iter()
            .map(|datum| (datum as &dyn Display, name.span().into()));
        self.applied(id, &arguments, &written.collect::<Vec<_>>())
    }

    /// The data named as the domain of a morphism.
    pub(in crate::lower) fn data_named(
        &mut self,
        name: &Ident,
        id: MorphismId,
    ) -> Option<Vec<Typed>> {
        let morphism = self.diagram.morphism(id);
        let domain = morphism.domain.clone();
        let mut arguments = Vec::new();
        for Space { object, .. } in domain {
            if !self.faulty.sound(object) {
                return None;
            }
            let datum = check::datum_of_domain(self.diagram, id, object);
            let datum = self
                .rules
                .take(datum.map_err(|fault| (name.span().into(), fault)))?;
            let path = self.diagram.paths.intern(Term::Datum(datum));
            let end = self.diagram.datum(datum).space.clone();
            arguments.push(Typed { path, end });
        }
        Some(arguments)
    }

    /// A morphism on its arguments, which must fit; `written` is each as it stands, and where.
    /// Composites are unfolded here, so equal terms are equal paths.
    pub(in crate::lower) fn applied(
        &mut self,
        id: MorphismId,
        arguments: &[Typed],
        written: &[(&dyn Display, Place)],
    ) -> Option<Vec<Typed>> {
        let defined = self.names.place(&self.diagram.morphism(id).name);
        let place = |at: usize| {
            let given = written.get(at).map(|(_, place)| *place);
            given.or(defined).unwrap_or(Span::call_site().into())
        };
        let text = |at: usize| {
            written
                .get(at)
                .map(|(text, _)| shown(text))
                .unwrap_or_default()
        };
        let ends: Vec<_> = arguments
            .iter()
            .map(|argument| argument.end.clone())
            .collect();
        let binding = self.rules.decided_in(self.diagram, |diagram, _| {
            let binding = check::takes(diagram, id, &ends, &text);
            binding.map_err(|(at, fault)| vec![(place(at), fault)])
        })?;
        let morphism = self.diagram.morphism(id);
        let mut codomain = morphism.codomain.iter();
        if morphism.codomain.is_empty() || !codomain.all(|space| self.faulty.sound(space.object)) {
            return None;
        }
        let codomain = morphism.codomain.iter();
        let ends: Vec<_> = codomain
            .map(|space| self.diagram.at(space, &binding))
            .collect();
        let arguments: Vec<_> = arguments.iter().map(|argument| argument.path).collect();
        let paths: Vec<_> = match &morphism.definition {
            Definition::Composite { paths, .. } => {
                let bodies = paths.clone().into_iter();
                let paths = &mut self.diagram.paths;
                bodies
                    .map(|body| paths.substitute(body, &arguments))
                    .collect()
            }
            _ => {
                let paths = &mut self.diagram.paths;
                let applied = paths.intern(Term::Apply(id, arguments, Draw::default()));
                match ends.len() {
                    1 => vec![applied],
                    several => (0..several)
                        .map(|factor| paths.intern(Term::Factor(applied, factor)))
                        .collect(),
                }
            }
        };
        if !self.stays_small(place(0)) {
            return None;
        }
        let short = paths
            .first()
            .map_or(Ok(()), |path| check::short_dims(self.diagram, *path, &ends));
        self.rules.take(short.map_err(|fault| (place(0), fault)))?;
        let typed = paths.into_iter().zip(ends);
        Some(typed.map(|(path, end)| Typed { path, end }).collect())
    }

    /// `p >> f >> g`: the first is a value, what follows are morphisms.
    fn compose(&mut self, parts: &[tree::Path]) -> Option<Vec<Typed>> {
        let (first, rest) = parts.split_first()?;
        let mut value = self.path(first);
        let mut before = first;
        for (index, part) in rest.iter().enumerate() {
            let stated = parts.get(..=index).unwrap_or_default();
            value = match value {
                Some(value) if self.lacks(&value, stated, part) => None,
                value => self.then(value, before, part),
            };
            before = part;
        }
        value
    }

    /// One step of a composition. Where the value before is at fault, the rest is still looked at.
    pub(in crate::lower) fn then(
        &mut self,
        value: Option<Vec<Typed>>,
        before: &tree::Path,
        part: &tree::Path,
    ) -> Option<Vec<Typed>> {
        match &part.kind {
            PathKind::Tuple(parts) => {
                let parts = parts
                    .iter()
                    .map(|part| self.then(value.clone(), before, part));
                let parts: Vec<_> = parts.collect();
                let parts: Option<Vec<_>> = parts.into_iter().collect();
                Some(parts?.concat())
            }
            PathKind::Power(inner, count) => {
                let times = self.times(count)?;
                let mut before = before;
                self.repeated(value, &times, count, &mut |typing, value| {
                    typing.then(value, std::mem::replace(&mut before, inner), inner)
                })
            }
            PathKind::Factor(inner, object) => {
                let value = self.then(value, before, inner)?;
                self.factor_of(inner, &value, object)
            }
            PathKind::Position(inner, position) => {
                let value = self.then(value, before, inner)?;
                self.factor_at(inner, &value, position, part.place)
            }
            PathKind::Compose(parts) => {
                let mut value = value;
                let mut before = before;
                for part in parts {
                    value = self.then(value, before, part);
                    before = part;
                }
                value
            }
            PathKind::Name(name) => match self.in_path(name)? {
                Entity::Morphism(id) => {
                    let value = value?;
                    let domain = self.diagram.morphism(id).domain.len();
                    if domain != value.len() {
                        let written = shown(&format!("{before} >> {part}"));
                        let ends = ends_of(&value);
                        let fault = check::argument_count(self.diagram, id, &ends, Some(&written));
                        let factor = self.factor_for(id, &value);
                        let named = matches!(before.kind, PathKind::Name(_) | PathKind::Apply(..));
                        let factor = factor.filter(|_| named);
                        let factor = factor.map(|factor| {
                            format!("take one factor: `{before}.{factor} >> {part}`")
                        });
                        self.fault(part.place, fault.maybe_help(factor));
                        return None;
                    }
                    let written = vec![(before as &dyn Display, part.place); value.len()];
                    self.applied(id, &value, &written)
                }
                _ => {
                    // error: `Image` is a datum, and only a morphism can follow `>>` [D0113]
                    let fault = Fault::new(
                        Code::DatumAsMorphism,
                        format!("`{part}` is a datum, and only a morphism can follow `>>`"),
                    )
                    .help(format!("a datum stands first: `{part} >> {before}`"));
                    self.fault(part.place, fault);
                    None
                }
            },
            PathKind::Apply(..) | PathKind::Gradient { .. } | PathKind::Number(_) => {
                // error: `f(a)` is a value already, and only a morphism can follow `>>` [D0401]
                let fault = Fault::new(
                    Code::NotComposable,
                    format!("`{part}` is a value already, and only a morphism can follow `>>`"),
                );
                let help = match &part.kind {
                    PathKind::Apply(word, inner) if is_word(word) => {
                        let inner = inner
                            .iter()
                            .map(|inner| format!("`{word}({before} >> {inner})`"));
                        inner
                            .map(|text| format!("put into it what stands before: {text}"))
                            .next()
                    }
                    PathKind::Gradient { word, path, scalar } => Some(format!(
                        "put into it what stands before: `{word}({before} >> {path}, {scalar})`"
                    )),
                    PathKind::Apply(function, _) => Some(format!(
                        "apply it to what stands before: `{function}({before})`"
                    )),
                    _ => None,
                };
                self.fault(part.place, fault.maybe_help(help));
                None
            }
        }
    }

    /// `f(p)`: one path a factor of the domain.
    fn apply(&mut self, name: &Ident, arguments: &[tree::Path]) -> Option<Vec<Typed>> {
        if name == "stop" {
            return self.stop(arguments.first()?);
        }
        if name == "again" {
            return self.again(arguments.first()?);
        }
        let entity = self.in_path(name);
        let values: Vec<_> = arguments
            .iter()
            .map(|argument| self.path(argument))
            .collect();
        let Entity::Morphism(id) = entity? else {
            // error: `Image` is a datum, and only a morphism is applied [D0113]
            let fault = Fault::new(
                Code::DatumAsMorphism,
                format!("`{name}` is a datum, and only a morphism is applied to something"),
            );
            self.fault(name.span().into(), fault);
            return None;
        };
        let values: Vec<_> = values.into_iter().collect::<Option<_>>()?;
        // A product is spread over as many arguments as it has factors.
        let written = arguments
            .iter()
            .zip(&values)
            .flat_map(|(path, value)| vec![(path as &dyn Display, path.place); value.len()]);
        let written: Vec<_> = written.collect();
        let values = values.concat();
        if self.diagram.morphism(id).domain.len() != values.len() {
            let texts: Vec<_> = arguments.iter().map(ToString::to_string).collect();
            let written = shown(&format!("{name}({})", texts.join(", ")));
            let fault = self.too_few(id, &values, &written, &texts);
            self.fault(name.span().into(), fault);
            return None;
        }
        self.applied(id, &values, &written)
    }
}

/// Words of the language that are written as a morphism is.
fn is_word(name: &Ident) -> bool {
    name == "stop" || name == "again"
}
