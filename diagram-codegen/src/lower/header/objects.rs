//! Objects and data: their names, kinds and dims.

use std::collections::HashMap;

use diagram_core::{Code, Datum, DatumId, Fault, Kind, Object, ObjectId, Space, check};
use proc_macro2::Ident;

use crate::idents::snake_case;
use crate::lower::Lowering;
use crate::lower::cells::measures::default_loss;
use crate::lower::header::names::Entity;
use crate::lower::output::{Attributes, DatumPart, Output};
use crate::lower::rules::Rules;
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
            let space = self.spaces().space(object, dims.as_ref());
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
        fields_differ(&mut self.output, &mut self.rules);
    }

    fn object(&mut self, name: &Ident, shape: &tree::Shape) -> ObjectId {
        let id = ObjectId(self.output.diagram.objects.len());
        let (mut shape, sound) = self.rules.shape(shape);
        if self.rules.is_tried_as_int(id) {
            shape.kind = Kind::Int;
        }
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
}

/// Two data may not become one field of the batch.
fn fields_differ(output: &mut Output<'_>, rules: &mut Rules<'_>) {
    let mut fields: HashMap<String, usize> = HashMap::new();
    for index in 0..output.diagram.data.len() {
        let field = output.diagram.data[index].field.clone();
        let Some(first) = fields.insert(field.clone(), index) else {
            continue;
        };
        // No other field is spelt so: no word of digits stands alone in one.
        output.diagram.data[index].field = format!("{field}_{index}");
        let (one, other) = (
            &output.diagram.data[first].name,
            &output.diagram.data[index].name,
        );
        let fault = check::equal_fields(one, other, &field);
        rules.fault(Place::of(output.data[index].name.span()), fault);
    }
}
