//! Learned constants: `() --token--> Token; token = parameter(initializer = zeros);`

use diagram_core::{Definition, MorphismId, Shape, Space, Where, check};
use diagram_layers::adaptation;

use crate::arguments;
use crate::lower::definitions::defining::Defining;
use crate::lower::output::Body;
use crate::place::Place;
use crate::syntax::tree::Argument;

impl Defining<'_, '_, '_> {
    /// A constant of its codomain's shape.
    pub(in crate::lower) fn parameter(
        &mut self,
        id: MorphismId,
        arguments: &[Argument],
        place: Place,
    ) {
        let shape = self.constant_shape(id, place);
        let read = self.rules.decided(|scope| {
            arguments::read("parameter", &adaptation::CONSTANT, arguments, place, scope)
        });
        let (Some(shape), Some(read)) = (shape, read) else {
            self.faulty.morphisms.insert(id);
            return;
        };
        let place = read.place(&Where::argument("initializer"));
        let drawn = read.call.call("initializer");
        let name = &self.output.diagram.morphism(id).name;
        let suits = drawn.map(|drawn| adaptation::draws_a_constant(drawn, name, &shape));
        if let Some(Err(fault)) = suits {
            self.fault(place, fault);
            self.faulty.morphisms.insert(id);
            return;
        }
        let parameter = Definition::Parameter {
            initializer: drawn.cloned(),
            limits: diagram_layers::limits(&adaptation::CONSTANT, &read.call),
        };
        self.output.define(id, parameter, Body::Parameter);
    }

    /// The shape of a constant: it starts at `()`, and ends in one Float object whose size is known when a
    /// model is built.
    fn constant_shape(&mut self, id: MorphismId, place: Place) -> Option<Shape> {
        if self.faulty.morphisms.contains(&id) {
            return None;
        }
        let morphism = self.output.diagram.morphism(id);
        let known = |space: &Space| self.faulty.sound(space.object);
        match check::constant_shape(&self.output.diagram, morphism) {
            Ok(shape) => morphism.codomain.iter().all(known).then_some(shape),
            Err(fault) => {
                if morphism.codomain.iter().all(known) || !morphism.domain.is_empty() {
                    self.fault(place, fault);
                }
                None
            }
        }
    }
}
