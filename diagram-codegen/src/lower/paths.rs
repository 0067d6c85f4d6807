//! Paths: what each name in them means, and where they end.

use diagram_core::{Code, Fault, MorphismId, ObjectId, Path, Term, check};
use proc_macro2::Ident;

use super::Lowering;
use super::names::Entity;
use super::unsupported::not_yet;
use crate::layers;
use crate::syntax::tree::{self, PathKind, Place, bare, shown};

/// A path with its end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Typed {
    pub(super) path: Path,
    pub(super) end: ObjectId,
}

impl Lowering<'_, '_> {
    /// The value that a path has for every sample. `None` where it is at fault, which is recorded, or
    /// depends on what is.
    pub(super) fn path(&mut self, path: &tree::Path) -> Option<Typed> {
        match &path.kind {
            PathKind::Name(name) => match self.in_path(name)? {
                Entity::Morphism(id) => self.alone(name, id),
                Entity::Datum(id) | Entity::Space(_, id) => {
                    let end = self.diagram.datum(id).object;
                    let path = self.diagram.paths.intern(Term::Datum(id));
                    self.sound(end).then_some(Typed { path, end })
                }
                _ => None,
            },
            PathKind::Compose(parts) => self.compose(parts),
            PathKind::Apply(name, arguments) => self.apply(name, arguments),
            PathKind::Gradient { word, .. } => {
                self.unsupported_path(word.span().into(), &format!("`{}`", bare(word)))
            }
            PathKind::Tuple(_) => self.unsupported_path(path.place, "a tuple of paths"),
            PathKind::Power(..) => self.unsupported_path(path.place, "a power of a morphism"),
            PathKind::Factor(..) | PathKind::Position(..) => {
                self.unsupported_path(path.place, "a factor of a product")
            }
            PathKind::Number(_) => self.unsupported_path(path.place, "a number as a path"),
        }
    }

    fn unsupported_path(&mut self, place: Place, what: &str) -> Option<Typed> {
        self.fault(place, not_yet(what));
        None
    }

    /// Whether an object is without fault.
    pub(super) fn sound(&self, object: ObjectId) -> bool {
        !self.faulty_objects.contains(&object)
    }

    /// What a name in a path stands for.
    fn in_path(&mut self, name: &Ident) -> Option<Entity> {
        let place = Place::of(name.span());
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Morphism(id)) if self.faulty_morphisms.contains(&id) => None,
            found @ Some(Entity::Morphism(_) | Entity::Datum(_) | Entity::Space(..)) => found,
            Some(Entity::Object(id)) => {
                let mut data = self.diagram.data.iter().filter(|datum| datum.object == id);
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
                    ),
                };
                self.fault(place, fault);
                None
            }
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
                self.absent(name, fault.help(help));
                None
            }
            None => {
                let fault = check::not_found(
                    Code::UnknownMorphism,
                    "morphism or datum",
                    &text,
                    self.names.in_paths(),
                );
                self.absent(name, fault);
                None
            }
        }
    }

    /// A morphism that stands alone is applied to the datum named as its domain.
    fn alone(&mut self, name: &Ident, id: MorphismId) -> Option<Typed> {
        let morphism = self.diagram.morphism(id);
        let domain = morphism.domain.clone();
        let mut arguments = Vec::new();
        for object in domain {
            if !self.sound(object) {
                return None;
            }
            let datum = check::datum_of_domain(&self.diagram, &bare(name), object);
            let datum = self
                .diagnostics
                .take(datum.map_err(|fault| (name.span().into(), fault)))?;
            arguments.push(self.diagram.paths.intern(Term::Datum(datum)));
        }
        self.applied(id, arguments)
    }

    /// A morphism on arguments that fit. Composites are unfolded here, so equal terms are equal paths.
    pub(super) fn applied(&mut self, id: MorphismId, arguments: Vec<Path>) -> Option<Typed> {
        let morphism = self.diagram.morphism(id);
        let &[end] = morphism.codomain.as_slice() else {
            return None;
        };
        if !self.sound(end) {
            return None;
        }
        let path = match &morphism.definition {
            diagram_core::Definition::Composite { path, .. } => {
                let body = *path;
                self.diagram.paths.substitute(body, &arguments)
            }
            _ => self.diagram.paths.intern(Term::Apply(id, arguments)),
        };
        Some(Typed { path, end })
    }

    /// `p >> f >> g`: the first is a value, what follows are morphisms.
    fn compose(&mut self, parts: &[tree::Path]) -> Option<Typed> {
        let (first, rest) = parts.split_first()?;
        let mut value = self.path(first);
        let mut before = first;
        for part in rest {
            value = self.then(value, before, part);
            before = part;
        }
        value
    }

    /// One step of a composition. Where the value before is at fault, the rest is still looked at.
    fn then(
        &mut self,
        value: Option<Typed>,
        before: &tree::Path,
        part: &tree::Path,
    ) -> Option<Typed> {
        match &part.kind {
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
                    let text = shown(before);
                    let composes = check::composes(&self.diagram, &text, value.end, id);
                    self.diagnostics
                        .take(composes.map_err(|fault| (part.place, fault)))?;
                    self.applied(id, vec![value.path])
                }
                _ => {
                    // error: `Image` is a datum, and only a morphism can follow `>>` [D0113]
                    let fault = Fault::new(
                        Code::DatumAsMorphism,
                        format!("`{part}` is a datum, and only a morphism can follow `>>`"),
                    )
                    .help(format!("a datum stands first: `{part} >> …`"));
                    self.fault(part.place, fault);
                    None
                }
            },
            PathKind::Apply(function, _) if !is_reserved(function) => {
                // error: `f(a)` is a value already, and only a morphism can follow `>>` [D0401]
                let fault = Fault::new(
                    Code::NotComposable,
                    format!("`{part}` is a value already, and only a morphism can follow `>>`"),
                )
                .help(format!(
                    "apply it to what stands before: `{function}({before})`"
                ));
                self.fault(part.place, fault);
                None
            }
            // What is left has no meaning yet, wherever it stands.
            _ => {
                self.path(part);
                None
            }
        }
    }

    /// `f(p)`: one path a factor of the domain.
    fn apply(&mut self, name: &Ident, arguments: &[tree::Path]) -> Option<Typed> {
        if is_reserved(name) {
            return self.unsupported_path(name.span().into(), &format!("`{}`", bare(name)));
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
        let domain = self.diagram.morphism(id).domain.clone();
        if domain.len() != values.len() {
            let fault = check::argument_count(&self.diagram, &bare(name), &domain, values.len());
            self.fault(name.span().into(), fault);
            return None;
        }
        let mut paths = Vec::new();
        for ((value, argument), object) in values.into_iter().zip(arguments).zip(domain) {
            let value = value?;
            if value.end != object {
                let text = shown(argument);
                let fault = check::composes(&self.diagram, &text, value.end, id);
                self.diagnostics
                    .take(fault.map_err(|fault| (argument.place, fault)))?;
            }
            paths.push(value.path);
        }
        self.applied(id, paths)
    }
}

/// Words that are no morphism's name in a path.
fn is_reserved(name: &Ident) -> bool {
    ["stop", "again", "scale", "reverse", "learned"]
        .iter()
        .any(|word| name == word)
}
