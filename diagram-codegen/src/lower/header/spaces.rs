//! Shapes, and objects as ends of arrows.

use std::collections::HashMap;

use diagram_core::{Code, Diagram, Dim, Fault, Kind, ObjectId, Shape, Space, check};
use proc_macro2::Ident;

use crate::lower::header::names::{Entity, Names};
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, bare};

impl Rules<'_> {
    /// The meaning of a shape, and whether it is without fault. A dim at fault stays as it is
    /// spelt, so that the rank is known all the same.
    pub(in crate::lower) fn shape(&mut self, shape: &tree::Shape) -> (Shape, bool) {
        let mut sound = true;
        let kind = match shape.kind.as_ref().map(bare).as_deref() {
            Some("Int") => Kind::Int,
            Some("Bool") => Kind::Bool,
            _ => Kind::Float,
        };
        let dims = shape.dims.iter().map(|dim| {
            self.extent(dim).unwrap_or_else(|| {
                sound = false;
                Dim::Symbol(dim.to_string())
            })
        });
        (
            Shape {
                kind,
                dims: dims.collect(),
            },
            sound,
        )
    }

    /// The meaning of a dim, which must be an extent that an axis can have.
    fn extent(&mut self, dim: &tree::Dim) -> Option<Dim> {
        self.decided(|scope| {
            let meaning = scope.dim(dim).map_err(|fault| vec![fault])?;
            match check::extent("an axis cannot have", &meaning, &scope.facts) {
                Ok(()) => Ok(meaning),
                Err(fault) => Err(vec![(dim.place, fault)]),
            }
        })
    }
}

/// What objects are found and rebound with.
pub(in crate::lower) struct SpaceTyping<'p, 'd> {
    pub(in crate::lower) names: &'p Names,
    pub(in crate::lower) diagram: &'p Diagram,
    pub(in crate::lower) rules: &'p mut Rules<'d>,
}

impl SpaceTyping<'_, '_> {
    /// An object with some of its dims rebound: `Image[batch = many]`.
    pub(in crate::lower) fn space(
        &mut self,
        object: &Ident,
        dims: Option<&tree::Dims>,
    ) -> Option<Space> {
        let id = self.find_object(object)?;
        let bindings = dims.map_or(&[][..], |dims| &dims.bindings);
        let mut values: HashMap<String, Dim> = HashMap::new();
        let mut sound = true;
        for (dim, to) in bindings {
            let name = self.dim_of(dim, id);
            let value = self.rules.extent(to);
            let (Some(name), Some(value)) = (name, value) else {
                sound = false;
                continue;
            };
            if values.insert(name.clone(), value).is_some() {
                self.rules.fault(dim.place, check::bound_twice(&name));
                sound = false;
            }
        }
        let space = self.diagram.space_of(id, |name| values.get(name).cloned());
        sound.then_some(space)
    }

    /// A dynamic dim of an object's shape, which may be rebound.
    fn dim_of(&mut self, dim: &tree::Dim, object: ObjectId) -> Option<String> {
        let tree::DimKind::Name(name) = &dim.kind else {
            // error: only a dynamic dim can be rebound, and `2 * batch` is none [D0206]
            let fault = Fault::new(
                Code::NotRebindable,
                format!("only a dynamic dim can be rebound, and `{dim}` is none"),
            );
            self.rules.fault(dim.place, fault);
            return None;
        };
        let name = bare(name);
        let of = self.diagram.object(object);
        let Err(fault) = check::rebinds(of, &name, &self.rules.scope.dynamics) else {
            return Some(name);
        };
        self.rules.fault(dim.place, fault);
        None
    }

    /// The object of this name, or the fault that there is none.
    pub(in crate::lower) fn find_object(&mut self, name: &Ident) -> Option<ObjectId> {
        let place = Place::of(name.span());
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Object(id) | Entity::Space(id, _)) => Some(id),
            // error: `Anchor` is a datum, and an arrow is drawn between objects [D0112]
            Some(Entity::Datum(id)) => {
                let space = &self
                    .diagram
                    .object(self.diagram.datum(id).space.object)
                    .name;
                let fault = Fault::new(
                    Code::DatumAsNode,
                    format!("`{text}` is a datum, and objects are expected here"),
                )
                .help(format!("name its space: `{space}`"));
                self.rules.fault(place, fault);
                None
            }
            Some(Entity::Faulty) => None,
            Some(other) => {
                let code = Code::UnknownObject;
                self.rules
                    .fault(place, other.instead_of(code, &text, "an object"));
                None
            }
            None => {
                let fault =
                    check::not_found(Code::UnknownObject, "object", &text, self.names.objects());
                self.rules.reports.absent(name, fault);
                None
            }
        }
    }
}
