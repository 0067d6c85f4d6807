//! Objects and data: their names, kinds and dims.

use std::collections::HashMap;

use diagram_core::dim::Facts;
use diagram_core::{Code, Datum, DatumId, Dim, Fault, Kind, Object, ObjectId, Shape, check};
use proc_macro2::Ident;

use super::names::{Entity, snake_case};
use super::{Attributes, DatumPart, Lowering};
use crate::syntax::tree::{self, ItemKind, Place, Space, bare};

impl<'a> Lowering<'a, '_> {
    /// Objects first, then the data that name one.
    pub(super) fn objects(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            match &item.kind {
                ItemKind::Object { name, shape, .. } => {
                    let id = self.object(name, shape);
                    self.declare(name, Entity::Object(id));
                }
                ItemKind::Data {
                    names,
                    space: Space::Own(shape),
                    ..
                } => {
                    for name in names {
                        let id = self.object(name, shape);
                        self.datum(name, id, &item.attributes, |datum| Entity::Space(id, datum));
                    }
                }
                _ => {}
            }
        }
        for item in &tree.items {
            let ItemKind::Data {
                names,
                space: Space::Of { object, .. },
                ..
            } = &item.kind
            else {
                continue;
            };
            let Some(id) = self.find_object(object) else {
                continue;
            };
            for name in names {
                self.datum(name, id, &item.attributes, Entity::Datum);
            }
        }
        self.fields_differ();
    }

    fn object(&mut self, name: &Ident, shape: &tree::Shape) -> ObjectId {
        let id = ObjectId(self.diagram.objects.len());
        let (shape, sound) = self.shape(shape);
        if !sound {
            self.faulty_objects.insert(id);
        }
        self.diagram.objects.push(Object {
            name: bare(name),
            shape,
        });
        id
    }

    fn datum(
        &mut self,
        name: &'a Ident,
        object: ObjectId,
        attributes: Attributes<'a>,
        entity: impl Fn(DatumId) -> Entity,
    ) {
        let id = DatumId(self.diagram.data.len());
        if self.declare(name, entity(id)) {
            let bare = bare(name);
            self.diagram.data.push(Datum {
                field: snake_case(&bare),
                name: bare,
                object,
            });
            self.data.push(DatumPart { name, attributes });
        }
    }

    /// The meaning of a shape, and whether it is without fault. A dim at fault stays as it is
    /// spelt, so that the rank is known all the same.
    fn shape(&mut self, shape: &tree::Shape) -> (Shape, bool) {
        let mut sound = true;
        let kind = match shape.kind.as_ref().map(bare).as_deref() {
            Some("Int") => Kind::Int,
            Some("Bool") => Kind::Bool,
            _ => Kind::Float,
        };
        let dims = shape.dims.iter().map(|dim| {
            let meaning = self
                .scope
                .dim(dim)
                .and_then(|meaning| possible(dim, meaning, &self.scope.facts));
            meaning.unwrap_or_else(|(place, fault)| {
                sound = false;
                self.undeclared_once(place, fault);
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

    /// Records a fault of a dim. One that is declared nowhere is one fault, wherever it stands.
    pub(super) fn undeclared_once(&mut self, place: Place, fault: Fault) {
        let is_it = |(_, known): &(Place, Fault)| *known == fault;
        if fault.code != Code::UnknownDim || !self.diagnostics.faults().iter().any(is_it) {
            self.fault(place, fault);
        }
    }

    /// The object of this name, or the fault that there is none.
    pub(super) fn find_object(&mut self, name: &Ident) -> Option<ObjectId> {
        let place = Place::of(name.span());
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Object(id) | Entity::Space(id, _)) => Some(id),
            // error: `Anchor` is a datum, and an arrow is drawn between objects [D0112]
            Some(Entity::Datum(id)) => {
                let space = &self.diagram.object(self.diagram.datum(id).object).name;
                let fault = Fault::new(
                    Code::DatumAsNode,
                    format!("`{text}` is a datum, and objects are expected here"),
                )
                .help(format!("name its space: `{space}`"));
                self.fault(place, fault);
                None
            }
            Some(Entity::Morphism(_) | Entity::Hyper | Entity::Dynamic) | None => {
                let fault =
                    check::not_found(Code::UnknownObject, "object", &text, self.names.objects());
                self.absent(place, fault);
                None
            }
        }
    }

    /// Two data may not become one field of the batch.
    fn fields_differ(&mut self) {
        let mut fields: HashMap<String, usize> = HashMap::new();
        for index in 0..self.diagram.data.len() {
            let field = self.diagram.data[index].field.clone();
            let Some(first) = fields.insert(field.clone(), index) else {
                continue;
            };
            // No other field is spelt so: no word of digits stands alone in one.
            self.diagram.data[index].field = format!("{field}_{index}");
            let (one, other) = (
                &self.diagram.data[first].name,
                &self.diagram.data[index].name,
            );
            // error: `X1` and `X_1` would both be the field `x1` of the batch [D0111]
            let fault = Fault::new(
                Code::EqualFields,
                format!("`{one}` and `{other}` would both be the field `{field}` of the batch"),
            )
            .help("rename one of them");
            self.fault(Place::of(self.data[index].name.span()), fault);
        }
    }
}

/// A dim must be an extent that an axis can have.
fn possible(dim: &tree::Dim, meaning: Dim, facts: &Facts) -> Result<Dim, (Place, Fault)> {
    match check::extent("an axis cannot have", &meaning, facts) {
        Ok(()) => Ok(meaning),
        Err(fault) => Err((dim.place, fault)),
    }
}
