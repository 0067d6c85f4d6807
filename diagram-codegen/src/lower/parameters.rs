//! Learned constants: `() --token--> Token; token = parameter(initializer = zeros);`

use diagram_core::{Code, Definition, Fault, Kind, MorphismId, Shape};
use quote::quote;

use super::{Body, Lowering};
use crate::layers::arguments::{Arguments, Parameter, ParameterKind};
use crate::layers::initializer::Drawn;
use crate::syntax::tree::{Argument, Place};

/// What `parameter` takes.
static PARAMETERS: [Parameter; 1] = [Parameter::new(
    "initializer",
    ParameterKind::Initializer,
    "how its values are drawn",
)];

/// The standard deviation of a constant whose initializer is left out, as class tokens and positions are
/// drawn in BERT (Devlin 2019) and in vision transformers (Dosovitskiy 2021).
const STANDARD_DEVIATION: f64 = 0.02;

impl Lowering<'_, '_> {
    /// A constant of its codomain's shape.
    pub(super) fn parameter(&mut self, id: MorphismId, arguments: &[Argument], place: Place) {
        let shape = self.constant_shape(id, place);
        let read = self.decided(|lowering| {
            Arguments::read("parameter", &PARAMETERS, arguments, place, &lowering.scope)
        });
        let (Some(shape), Some(read)) = (shape, read) else {
            self.faulty_morphisms.insert(id);
            return;
        };
        let burn = &self.burn;
        let drawn = read.initializer("initializer");
        if let Some(Err(fault)) = drawn.map(|drawn| drawn.is_unscaled("a constant")) {
            self.fault(read.place("initializer"), fault);
            self.faulty_morphisms.insert(id);
            return;
        }
        if shape.rank() < 2 && drawn.is_some_and(Drawn::needs_two_axes) {
            // error: `orthogonal` takes at least two axes, but `token` has the shape [64] [D0305]
            let name = &self.diagram.morphism(id).name;
            let message =
                format!("`orthogonal` takes at least two axes, but `{name}` has the shape {shape}");
            let place = read.place("initializer");
            self.fault(place, Fault::new(Code::LayerRank, message));
            self.faulty_morphisms.insert(id);
            return;
        }
        let initializer = match drawn {
            Some(drawn) => drawn.code(burn, &quote!(self)),
            None => quote!(#burn::nn::Initializer::Normal { mean: 0.0, std: #STANDARD_DEVIATION }),
        };
        let sizes = shape.dims.iter().map(|dim| self.scope.size_code(dim));
        let init = quote!(#initializer.init([#(#sizes),*], device));
        let written = arguments.iter().map(ToString::to_string);
        self.diagram.morphisms[id.0].definition = Definition::Parameter {
            initializer: written.collect::<Vec<_>>().join(", "),
            limits: read.limits(),
        };
        self.part(id).body = Body::Parameter(init);
    }

    /// The shape of a constant: it starts at `()`, and ends in one Float object whose size is known when a
    /// model is built.
    fn constant_shape(&mut self, id: MorphismId, place: Place) -> Option<Shape> {
        if self.faulty_morphisms.contains(&id) {
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
