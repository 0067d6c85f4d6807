//! Objects and data: their names, kinds and dims.

use std::collections::HashMap;

use diagram_core::{Code, Datum, DatumId, Dim, Fault, Kind, Object, ObjectId, Shape, Space, check};
use proc_macro2::Ident;

use crate::idents::snake_case;
use crate::lower::cells::measures::default_loss;
use crate::lower::header::names::Entity;
use crate::lower::{Attributes, DatumPart, Lowering};
use crate::place::Place;
use crate::syntax::tree::{self, ItemKind, bare};

impl<'a> Lowering<'a, '_> {
    /// Objects first, then the data that name one.
    pub(in crate::lower) fn objects(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            match &item.kind {
                ItemKind::Object {
                    name,
                    shape,
                    default_loss,
                } => {
                    let id = self.object(name, shape);
                    self.names
                        .declare(name, Entity::Object(id), &mut self.rules.reports);
                    self.default_loss(id, default_loss.as_ref());
                }
                ItemKind::Data {
                    names,
                    space: tree::Space::Own(shape),
                    default_loss,
                } => {
                    for name in names {
                        let id = self.object(name, shape);
                        let entity = |datum| Entity::Space(id, datum);
                        self.datum(name, id.into(), &item.attributes, entity);
                        self.default_loss(id, default_loss.as_ref());
                    }
                }
                _ => {}
            }
        }
        for item in &tree.items {
            let ItemKind::Data {
                names,
                space: tree::Space::Of { object, dims },
                default_loss,
            } = &item.kind
            else {
                continue;
            };
            if let Some(default_loss) = default_loss {
                // error: a default loss belongs to an object, and these are data of `Image` [D0411]
                let fault = Fault::new(
                    Code::MisplacedDefaultLoss,
                    format!(
                        "a default loss belongs to an object, and these are data of `{object}`"
                    ),
                );
                let declared = match self.names.get(&bare(object)) {
                    Some(Entity::Object(id)) => Some((id, "")),
                    Some(Entity::Space(id, _)) => Some((id, "data ")),
                    _ => None,
                };
                let help = declared.map(|(id, word)| {
                    let shape = &self.output.diagram.object(id).shape;
                    format!("say it where the object is declared: `{word}{object}: {shape} by {default_loss};`")
                });
                self.fault(default_loss.place, fault.maybe_help(help));
            }
            let space = self.space(object, dims.as_ref());
            // Where only its dims are at fault, its rank is known all the same.
            let known = match self.names.get(&bare(object)) {
                Some(Entity::Object(id) | Entity::Space(id, _)) => Some(id.into()),
                _ => None,
            };
            for name in names {
                match (&space, &known) {
                    (Some(space), _) => {
                        self.datum(name, space.clone(), &item.attributes, Entity::Datum);
                    }
                    (None, Some(object)) => {
                        let faulty = |_| Entity::Faulty;
                        self.datum(name, Space::clone(object), &item.attributes, faulty);
                    }
                    (None, None) => self.rules.reports.lost.extend([bare(name)]),
                }
            }
        }
        self.fields_differ();
    }

    fn object(&mut self, name: &Ident, shape: &tree::Shape) -> ObjectId {
        let id = ObjectId(self.output.diagram.objects.len());
        let (shape, sound) = self.shape(shape);
        if !sound {
            self.faulty.objects.insert(id);
        }
        self.output.diagram.objects.push(Object {
            name: bare(name),
            shape,
            default_loss: None,
        });
        id
    }

    fn datum(
        &mut self,
        name: &'a Ident,
        space: Space,
        attributes: Attributes<'a>,
        entity: impl Fn(DatumId) -> Entity,
    ) {
        let id = DatumId(self.output.diagram.data.len());
        if self
            .names
            .declare(name, entity(id), &mut self.rules.reports)
        {
            let bare = bare(name);
            self.output.diagram.data.push(Datum {
                field: snake_case(&bare),
                name: bare,
                space,
            });
            self.output.data.push(DatumPart { name, attributes });
        }
    }

    fn default_loss(&mut self, object: ObjectId, default: Option<&'a tree::Loss>) {
        let measure = default.map(|default| (default, default_loss(default, &mut self.rules)));
        if let Some((default, Some(measure))) = measure {
            self.output.diagram.objects[object.0].default_loss = Some(measure);
            self.default_losses.insert(object, default);
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
        self.rules.decided(|scope| {
            let meaning = scope.dim(dim).map_err(|fault| vec![fault])?;
            match check::extent("an axis cannot have", &meaning, &scope.facts) {
                Ok(()) => Ok(meaning),
                Err(fault) => Err(vec![(dim.place, fault)]),
            }
        })
    }

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
            let value = self.extent(to);
            let (Some(name), Some(value)) = (name, value) else {
                sound = false;
                continue;
            };
            if values.insert(name.clone(), value).is_some() {
                self.fault(dim.place, check::bound_twice(&name));
                sound = false;
            }
        }
        let space = self
            .output
            .diagram
            .space_of(id, |name| values.get(name).cloned());
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
            self.fault(dim.place, fault);
            return None;
        };
        let name = bare(name);
        let of = self.output.diagram.object(object);
        let Err(fault) = check::rebinds(of, &name, &self.rules.scope.dynamics) else {
            return Some(name);
        };
        self.fault(dim.place, fault);
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
                    .output
                    .diagram
                    .object(self.output.diagram.datum(id).space.object)
                    .name;
                let fault = Fault::new(
                    Code::DatumAsNode,
                    format!("`{text}` is a datum, and objects are expected here"),
                )
                .help(format!("name its space: `{space}`"));
                self.fault(place, fault);
                None
            }
            Some(Entity::Faulty) => None,
            Some(other) => {
                let code = Code::UnknownObject;
                self.fault(place, other.instead_of(code, &text, "an object"));
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

    /// Two data may not become one field of the batch.
    fn fields_differ(&mut self) {
        let mut fields: HashMap<String, usize> = HashMap::new();
        for index in 0..self.output.diagram.data.len() {
            let field = self.output.diagram.data[index].field.clone();
            let Some(first) = fields.insert(field.clone(), index) else {
                continue;
            };
            // No other field is spelt so: no word of digits stands alone in one.
            self.output.diagram.data[index].field = format!("{field}_{index}");
            let (one, other) = (
                &self.output.diagram.data[first].name,
                &self.output.diagram.data[index].name,
            );
            let fault = check::equal_fields(one, other, &field);
            self.fault(Place::of(self.output.data[index].name.span()), fault);
        }
    }
}
