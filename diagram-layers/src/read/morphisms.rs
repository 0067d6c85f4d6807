//! What morphisms are made of, and whether they are frozen, adapted or averages.

use diagram_core::check::{self, Methodless, Unaveraged};
use diagram_core::{
    Adapters, Average, Call, Code, Definition, Fault, Flag, Limit, Morphism, MorphismId, Value,
    Where,
};

use super::names::is_slot;
use super::{At, ReadError, Reader, fault, form, wrong};
use crate::adaptation::{self, ADAPTERS, AVERAGE, CONSTANT};

impl Reader<'_> {
    /// All but the paths of composites.
    pub(super) fn definitions(self) -> Result<(), ReadError> {
        for (index, morphism) in self.diagram.morphisms.iter().enumerate() {
            let sound = self.definition(MorphismId(index), morphism);
            sound.at_named("morphisms", index, "morphism", &morphism.name)?;
        }
        Ok(())
    }

    fn definition(self, id: MorphismId, morphism: &Morphism) -> Result<(), ReadError> {
        let name = &morphism.name;
        let is_composite = matches!(morphism.definition, Definition::Composite { .. });
        if !morphism.drawn && !is_composite {
            let message = format!("`{name}` is defined, and never drawn");
            return Err(Fault::new(Code::NeverDrawn, message)).at("drawn");
        }
        match &morphism.definition {
            Definition::Layers { steps, parameters } => self
                .layers(morphism, steps, *parameters)
                .at("definition.Layers")?,
            Definition::Parameter {
                initializer,
                limits,
            } => self
                .constant(morphism, initializer.as_ref(), limits)
                .at("definition.Parameter")?,
            Definition::Method { of, method } => {
                return self.method(morphism, *of, method);
            }
            Definition::Module { .. } | Definition::Function(_) | Definition::Composite { .. } => {}
        }
        if let Some(average) = &morphism.average {
            if morphism.frozen {
                let of = &self.diagram.morphism(average.of).name;
                return Err(check::frozen_average(name, Some(of))).at("frozen");
            }
            self.average(id, morphism, average).at("average")?;
        }
        // Layers may be frozen that have no weights: they are in evaluation mode then.
        let is_layers = matches!(morphism.definition, Definition::Layers { .. });
        if morphism.frozen && !morphism.has_weights() && !is_layers {
            return Err(check::nothing_to_freeze(name)).at("frozen");
        }
        match &morphism.adapters {
            Some(adapters) => self.adapters(id, morphism, adapters).at("adapters"),
            None => Ok(()),
        }
    }

    fn constant(
        self,
        morphism: &Morphism,
        initializer: Option<&Call>,
        limits: &[Limit],
    ) -> Result<(), ReadError> {
        let shape = check::constant_shape(self.diagram, morphism)?;
        let mut call = Call::new("parameter");
        if let Some(drawn) = initializer {
            call = call.with("initializer", Value::Call(drawn.clone()));
            self.arguments(&call, &CONSTANT, false)
                .map_err(|(at, found)| match at {
                    Where::Inside(inside) => wrong(drawn, (inside.1, found)),
                    _ => fault(found),
                })
                .at("initializer")?;
            adaptation::draws_a_constant(drawn, &morphism.name, &shape).at("initializer")?;
        }
        if *limits == crate::limits(&CONSTANT, &call) {
            return Ok(());
        }
        Err(form("`limits` is not that of the initializer")).at("limits")
    }

    /// A method of a module, which is frozen, adapted or averaged where its module is.
    fn method(self, morphism: &Morphism, of: MorphismId, method: &str) -> Result<(), ReadError> {
        let module = self.diagram.morphism(of);
        let why = match &module.definition {
            Definition::Module { ty, .. } if is_slot(self.diagram, ty) => Some(Methodless::Slot),
            Definition::Module { .. } => None,
            Definition::Method { of, .. } => {
                Some(Methodless::Method(&self.diagram.morphism(*of).name))
            }
            Definition::Layers { .. } => Some(Methodless::Layers),
            Definition::Function(_) => Some(Methodless::Function),
            Definition::Composite { .. } | Definition::Parameter { .. } => {
                Some(Methodless::Composite)
            }
        };
        if let Some(why) = why {
            return Err(check::no_methods(&module.name, method, why)).at("definition.Method.of");
        }
        for (field, same) in [
            ("frozen", morphism.frozen == module.frozen),
            ("adapters", morphism.adapters == module.adapters),
            ("average", morphism.average == module.average),
        ] {
            if !same {
                let text = format!(
                    "`{field}` of `{}` is not that of `{}`, whose method it is",
                    morphism.name, module.name
                );
                return Err(form(text)).at(field);
            }
        }
        Ok(())
    }

    fn average(
        self,
        id: MorphismId,
        morphism: &Morphism,
        average: &Average,
    ) -> Result<(), ReadError> {
        let diagram = self.diagram;
        let of = diagram.morphism(average.of);
        let why = match (&of.definition, &of.average) {
            _ if average.of == id => Some(Unaveraged::Itself),
            (Definition::Method { of, method }, _) => Some(Unaveraged::Method {
                module: &diagram.morphism(*of).name,
                called: method,
            }),
            (_, Some(average)) => Some(Unaveraged::Average(&diagram.morphism(average.of).name)),
            (Definition::Composite { .. }, _) => Some(Unaveraged::Composite),
            (Definition::Function(_), _) => Some(Unaveraged::Function),
            _ if !of.has_weights() => Some(Unaveraged::Weightless),
            _ => None,
        };
        if let Some(why) = why {
            return Err(check::nothing_to_average(&of.name, why)).at("of");
        }
        check::drawn_as(diagram, morphism, &of.domain, &of.codomain)
            .map_err(|fault| fault.note(format!("`{}` : {}", of.name, diagram.arrow(of))))?;
        if morphism.definition != of.definition {
            let text = format!(
                "`{}` is an average of `{}`, and is not made of the same",
                morphism.name, of.name
            );
            return Err(form(text)).at("of");
        }
        let call = Call::new("ema").with("decay", Value::Float(average.decay.clone()));
        self.arguments(&call, &AVERAGE, false)
            .map_err(|(_, found)| fault(found))
            .at("decay")
    }

    fn adapters(
        self,
        id: MorphismId,
        morphism: &Morphism,
        adapters: &Adapters,
    ) -> Result<(), ReadError> {
        if let Some(found) = check::nothing_to_adapt(self.diagram, id) {
            return Err(fault(found));
        }
        if morphism.frozen {
            return Err(fault(check::frozen_and_adapted(&morphism.name)));
        }
        let call = Call::new("lora")
            .with("rank", Value::Size(adapters.rank.clone()))
            .with("quantized", Value::Flag(Flag::Literal(adapters.quantized)));
        let call = match &adapters.alpha {
            Some(alpha) => call.with("alpha", Value::Float(alpha.clone())),
            None => call,
        };
        // Its arguments are called as the fields.
        self.arguments(&call, &ADAPTERS, false)
            .map_err(|(at, found)| match at {
                Where::Argument(field) => fault(found).within(field),
                _ => fault(found),
            })
    }

    /// The paths of composites, each at its own inputs.
    pub(super) fn composites(self) -> Result<(), ReadError> {
        for (index, morphism) in self.diagram.morphisms.iter().enumerate() {
            let Definition::Composite { paths, .. } = &morphism.definition else {
                continue;
            };
            let sound = self.composite(morphism, paths);
            sound.at_named("morphisms", index, "morphism", &morphism.name)?;
        }
        Ok(())
    }
}
