//! Learned constants: `() --token--> Token; token = parameter(initializer = zeros);`

use diagram_core::{Code, Definition, Fault, Kind, MorphismId, Shape, Where};
use diagram_layers::{Parameter, ParameterKind, initializer};

use crate::arguments;
use crate::lower::{Body, Lowering};
use crate::place::Place;
use crate::syntax::tree::Argument;

/// What `parameter` takes.
static PARAMETERS: [Parameter; 1] = [Parameter::new(
    "initializer",
    ParameterKind::Initializer,
    "how its values are drawn",
)];

impl Lowering<'_, '_> {
    /// A constant of its codomain's shape.
    pub(in crate::lower) fn parameter(
        &mut self,
        id: MorphismId,
        arguments: &[Argument],
        place: Place,
    ) {
        let shape = self.constant_shape(id, place);
        let read = self.decided(|lowering| {
            arguments::read("parameter", &PARAMETERS, arguments, place, &lowering.scope)
        });
        let (Some(shape), Some(read)) = (shape, read) else {
            self.faulty.morphisms.insert(id);
            return;
        };
        let place = read.place(&Where::argument("initializer"));
        let drawn = read.call.call("initializer");
        if let Some(Err(fault)) = drawn.map(|drawn| initializer::unscaled(drawn, "a constant")) {
            self.fault(place, fault);
            self.faulty.morphisms.insert(id);
            return;
        }
        let row = drawn.and_then(|drawn| initializer::find(&drawn.name));
        if shape.rank() < 2 && row.is_some_and(|row| row.needs_two_axes) {
            // error: `orthogonal` takes at least two axes, but `token` has the shape [64] [D0305]
            let name = &self.diagram.morphism(id).name;
            let message =
                format!("`orthogonal` takes at least two axes, but `{name}` has the shape {shape}");
            self.fault(place, Fault::new(Code::LayerRank, message));
            self.faulty.morphisms.insert(id);
            return;
        }
        self.diagram.morphisms[id.0].definition = Definition::Parameter {
            initializer: drawn.cloned(),
            limits: diagram_layers::parameter::limits(&PARAMETERS, &read.call),
        };
        self.part(id).body = Body::Parameter;
    }

    /// The shape of a constant: it starts at `()`, and ends in one Float object whose size is known when a
    /// model is built.
    fn constant_shape(&mut self, id: MorphismId, place: Place) -> Option<Shape> {
        if self.faulty.morphisms.contains(&id) {
            return None;
        }
        let morphism = self.diagram.morphism(id);
        let name = &morphism.name;
        let codomain = self.diagram.product(&morphism.codomain);
        let ends = morphism.codomain.as_slice();
        let fault = if !morphism.domain.is_empty() {
            // error: `token` is a learned constant, which starts at `()`, but is drawn from `Image` [D0318]
            let domain = self.diagram.product(&morphism.domain);
            let message = format!(
                "`{name}` is a learned constant, which starts at `()`, but is drawn from `{domain}`"
            );
            let help = format!("`() --{name}--> {codomain};`");
            Fault::new(Code::Factors, message).help(help)
        } else if let [end] = ends {
            let shape = self.diagram.shape(end);
            let mut dims = shape.dims.iter();
            let dynamic = dims.find_map(|dim| self.scope.dynamic_in(dim));
            match dynamic {
                _ if !self.sound(end.object) => return None,
                None if shape.kind == Kind::Float => return Some(shape),
                // error: `token` is learned, and ends in `Token` of kind Int [D0304]
                None => {
                    let kind = shape.kind;
                    let message =
                        format!("`{name}` is learned, and ends in `{codomain}` of kind {kind}");
                    Fault::new(Code::KindMismatch, message)
                }
                // error: `token` needs the shape of `Token` when it is built, but `batch` is known only at
                // run time [D0202]
                Some(dim) => {
                    let message = format!(
                        "`{name}` needs the shape of `{codomain}` when it is built, but `{dim}` is known \
                         only at run time"
                    );
                    let fault = Fault::new(Code::DynamicParameter, message);
                    let fault = fault.note(format!("`{codomain}` : {shape}"));
                    fault.help("give it an extent of 1 there, and draw a morphism by `expand[..]`")
                }
            }
        } else {
            // error: `tokens` is one tensor, but ends in `A * B` [D0318]
            let message = format!("`{name}` is one tensor, but ends in `{codomain}`");
            Fault::new(Code::Factors, message)
        };
        self.fault(place, fault);
        None
    }
}
