//! Objects, data, and the spaces between which morphisms go.

use diagram_core::{Diagram, Dim, Measure, Object, Space, check, spelling::snake_case};

use super::{At, ReadError, Reader, form, wrong};
use crate::losses;

impl Reader<'_> {
    pub(super) fn objects(self) -> Result<(), ReadError> {
        for (index, object) in self.diagram.objects.iter().enumerate() {
            let sound = self.object(object);
            sound.at_named("objects", index, "object", &object.name)?;
        }
        for (index, datum) in self.diagram.data.iter().enumerate() {
            let what =
                |sound: Result<(), ReadError>| sound.at_named("data", index, "datum", &datum.name);
            what(self.space(&datum.space).at("space"))?;
            let field = snake_case(&datum.name);
            if datum.field != field {
                let text = format!("the field of `{}` is `{field}`", datum.name);
                what(Err(form(text)).at("field"))?;
            }
            let mut before = self.diagram.data.iter().take(index);
            if let Some(other) = before.find(|other| other.field == field) {
                let equal = check::equal_fields(&other.name, &datum.name, &field);
                what(Err(equal).at("field"))?;
            }
        }
        Ok(())
    }

    fn object(self, object: &Object) -> Result<(), ReadError> {
        for (axis, dim) in object.shape.dims.iter().enumerate() {
            self.extent(dim).at_item("shape.dims", axis)?;
        }
        match &object.default_loss {
            None => Ok(()),
            Some(loss) => self.default_loss(loss).at("default_loss"),
        }
    }

    /// What paths to an object are compared by. On which ends, only cells tell.
    fn default_loss(self, loss: &Measure) -> Result<(), ReadError> {
        match loss {
            Measure::Itself => Err(form("an object's loss compares paths")),
            Measure::Function { arguments, .. } => {
                self.given(arguments.as_deref().unwrap_or_default())
            }
            Measure::Loss(call) => {
                let row = losses::find(&call.name);
                let row = row.ok_or_else(|| losses::spelling::unknown(&call.name));
                let row = row.at("Loss.name")?;
                if row.watch_only {
                    return Err(losses::metric_trained(row, None)).at("Loss.name");
                }
                self.arguments(call, row.parameters, true)
                    .map_err(|found| wrong(call, found))
                    .at("Loss")
            }
        }
    }

    /// The ends of morphisms, each of which gives something.
    pub(super) fn ends(self) -> Result<(), ReadError> {
        for (index, morphism) in self.diagram.morphisms.iter().enumerate() {
            let within = |sound: Result<(), ReadError>| {
                sound.at_named("morphisms", index, "morphism", &morphism.name)
            };
            for (list, spaces) in [
                ("domain", &morphism.domain),
                ("codomain", &morphism.codomain),
            ] {
                for (factor, space) in spaces.iter().enumerate() {
                    within(self.space(space).at_item(list, factor))?;
                }
            }
            if morphism.codomain.is_empty() {
                within(Err(check::ends_nowhere(&morphism.name)).at("codomain"))?;
            }
        }
        Ok(())
    }

    /// An extent that an axis can have, of sizes that there are.
    pub(super) fn extent(self, dim: &Dim) -> Result<(), ReadError> {
        check::names_sizes(self.diagram, dim)?;
        let facts = &self.diagram.facts;
        Ok(check::extent("an axis cannot have", dim, facts)?)
    }

    /// An object, with some of its dynamic dims rebound, in the order in which they occur in its shape.
    fn space(self, space: &Space) -> Result<(), ReadError> {
        let diagram: &Diagram = self.diagram;
        let object = diagram.object(space.object);
        for (index, (name, dim)) in space.dims.iter().enumerate() {
            let rebinds = check::rebinds(object, name, &diagram.dynamics);
            rebinds.at_item("dims", index)?;
            let mut before = space.dims.iter().take(index);
            if before.any(|(other, _)| other == name) {
                return Err(check::bound_twice(name)).at_item("dims", index);
            }
            self.extent(dim).at_item("dims", index)?;
        }
        let value = |name: &str| {
            let mut dims = space.dims.iter();
            dims.find_map(|(bound, dim)| (bound == name).then(|| dim.clone()))
        };
        let written = diagram.space_of(space.object, value);
        if written == *space {
            return Ok(());
        }
        let text = format!("this space is written as `{}`", diagram.space(&written));
        Err(form(text)).at("dims")
    }
}
