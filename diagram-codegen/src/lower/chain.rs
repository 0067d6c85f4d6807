//! A chain of layers: each layer's shape rule in turn, and the code of each.

use std::borrow::Cow;
use std::collections::HashMap;

use diagram_core::{Code, Definition, Fault, MorphismId, Shape, Step, check};
use proc_macro2::{Ident, Span};

use super::names::Entity;
use super::scope::field_ident;
use super::unsupported::not_yet;
use super::{Body, Lowering};
use crate::layers::{self, Built, Layer, Site};
use crate::syntax::tree::{self, Argument, Chain, Place, Power, StepKind, ValueKind, bare, shown};

/// A step of a chain that is a layer.
struct Written<'a> {
    layer: &'static Layer,
    arguments: Cow<'a, [Argument]>,
    text: String,
    place: Place,
}

impl<'a> Lowering<'a, '_> {
    /// Lowers a chain of layers between the drawn ends of a morphism.
    pub(super) fn layers(&mut self, id: MorphismId, chain: &'a Chain) {
        let mut written = Vec::new();
        let sound = self.leaves(chain, &mut written);
        let morphism = self.diagram.morphism(id);
        let (&[domain], &[codomain]) = (morphism.domain.as_slice(), morphism.codomain.as_slice())
        else {
            return;
        };
        let faulty = self.faulty_morphisms.contains(&id);
        if !sound || faulty || !self.sound(domain) || !self.sound(codomain) {
            self.faulty_morphisms.insert(id);
            return;
        }
        let input = self.diagram.object(domain).shape.clone();
        let target = self.diagram.object(codomain).clone();
        // A width left out is found behind it, where every layer in between keeps the shape.
        let seen_from = written
            .iter()
            .rposition(|step| !step.layer.keeps_shape)
            .unwrap_or_default();
        let mut shape = input.clone();
        let mut steps = Vec::new();
        let mut built = Vec::new();
        for (position, step) in written.iter().enumerate() {
            let target = (position >= seen_from).then_some(&target.shape);
            let Some(one) = self.layer(step, &shape, target) else {
                self.faulty_morphisms.insert(id);
                return;
            };
            shape = one.output.clone();
            steps.push(Step {
                layer: step.text.clone(),
                shape: shape.clone(),
            });
            built.push((step.layer.name, one));
        }
        let name = self.diagram.morphism(id).name.clone();
        let ends =
            check::layers_end_in_codomain(&name, &input, &steps, (&target.name, &target.shape));
        let place = check::deciding_step(&input, &steps).and_then(|index| written.get(index));
        let place = place.map_or(chain.place, |step| step.place);
        if self
            .diagnostics
            .take(ends.map_err(|fault| (place, fault)))
            .is_none()
        {
            self.faulty_morphisms.insert(id);
            return;
        }
        let parameters = written.iter().any(|step| step.layer.weights);
        self.diagram.morphisms[id.0].definition = Definition::Layers { steps, parameters };
        self.morphisms[id.0].body = body(built);
    }

    /// One layer at its site, with a shape that can exist.
    fn layer(
        &mut self,
        step: &Written<'_>,
        input: &Shape,
        target: Option<&Shape>,
    ) -> Option<Built> {
        let site = Site {
            text: &step.text,
            place: step.place,
            input,
            target,
            scope: &self.scope,
            burn: &self.burn,
        };
        match step.layer.apply(&step.arguments, &site) {
            Ok(built) => {
                // error: `linear(hidden - hidden)` gives the extent 0: every extent is at least 1 [D0203]
                let subject = format!("`{}` gives", step.text);
                let extents = built
                    .output
                    .dims
                    .iter()
                    .try_for_each(|dim| check::extent(&subject, dim));
                let extents = extents
                    .map_err(|fault| (step.place, fault.note(format!("it is given {input}"))));
                self.diagnostics.take(extents).map(|()| built)
            }
            Err(faults) => {
                for (place, fault) in faults {
                    self.fault(place, fault);
                }
                None
            }
        }
    }

    /// The layers of a chain, groups opened, in order. `false` if something in it is at fault.
    fn leaves(&mut self, chain: &'a Chain, written: &mut Vec<Written<'a>>) -> bool {
        let mut sound = true;
        for product in &chain.factors {
            let [Power { step, count }] = product.powers.as_slice() else {
                self.fault(product.place, not_yet("a product of layers"));
                sound = false;
                continue;
            };
            if count.is_some() {
                self.fault(product.place, not_yet("a power of layers"));
                sound = false;
                continue;
            }
            sound &= match &step.kind {
                StepKind::Name(name) => self.leaf(name, Cow::default(), step, written),
                StepKind::Call(name, arguments) => {
                    self.leaf(name, Cow::Borrowed(arguments), step, written)
                }
                StepKind::Dims(name, dims) => self.leaf(
                    name,
                    Cow::Owned(vec![listed(dims, step.place)]),
                    step,
                    written,
                ),
                StepKind::Chains(chains) => match chains.as_slice() {
                    [one] => self.leaves(one, written),
                    _ => {
                        self.fault(step.place, not_yet("a tuple of layers"));
                        false
                    }
                },
            };
        }
        sound
    }

    fn leaf(
        &mut self,
        name: &'a Ident,
        arguments: Cow<'a, [Argument]>,
        step: &'a tree::Step,
        written: &mut Vec<Written<'a>>,
    ) -> bool {
        let text = bare(name);
        let fault = match (self.names.get(&text), layers::find(&text)) {
            (Some(Entity::Morphism(_)), _) => not_yet(&format!(
                "a chain that mixes layers and morphisms, here `{text}`,"
            )),
            (_, Some(layer)) if layer.in_brackets() != matches!(step.kind, StepKind::Dims(..)) => {
                self.fault(step.place, other_brackets(layer, step));
                return false;
            }
            (_, Some(layer)) => {
                written.push(Written {
                    layer,
                    arguments,
                    text: shown(step),
                    place: step.place,
                });
                return true;
            }
            _ if layers::is_later(&text) => not_yet(&format!("the layer `{text}`")),
            _ => unknown_layer(&text),
        };
        self.fault(name.span().into(), fault);
        false
    }
}

/// Dims in brackets as the one argument of their layer.
pub(crate) fn listed(dims: &[tree::Dim], place: Place) -> Argument {
    let values = dims.iter().map(|dim| tree::Value {
        kind: ValueKind::Dim(dim.clone()),
        place: dim.place,
    });
    Argument {
        name: None,
        value: tree::Value {
            kind: ValueKind::List(values.collect()),
            place,
        },
    }
}

fn other_brackets(layer: &Layer, step: &tree::Step) -> Fault {
    let name = layer.name;
    if let StepKind::Dims(_, dims) = &step.kind {
        // error: `linear` takes its arguments in parentheses, not in brackets [D0001]
        let message = format!("`{name}` takes its arguments in parentheses, not in brackets");
        let dims: Vec<_> = dims.iter().map(ToString::to_string).collect();
        let help = format!("`{name}({})`", dims.join(", "));
        return Fault::new(Code::UnexpectedToken, message).help(help);
    }
    // error: `reshape` takes dims in brackets, like `[batch, 8, 8]` [D0310]
    let takes = layer
        .parameters
        .iter()
        .map(|parameter| parameter.kind.takes());
    let takes = takes.collect::<Vec<_>>().join(" and ");
    Fault::new(Code::MissingArgument, format!("`{name}` takes {takes}"))
}

// error: there is no layer `lineer` [D0104]
fn unknown_layer(name: &str) -> Fault {
    let fault = Fault::new(Code::UnknownLayer, format!("there is no layer `{name}`"));
    match diagram_core::fault::nearest(name, layers::names()) {
        Some(near) => fault.help(format!("did you mean `{near}`?")),
        None => fault.help("a module of your own is named by its type, in upper camel case"),
    }
}

/// Fields are numbered by layer, in order: `linear_1`, `linear_2`.
fn body<'a>(built: Vec<(&'static str, Built)>) -> Body<'a> {
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut fields = Vec::new();
    let mut forward = Vec::new();
    for (name, one) in built {
        let Some(field) = one.field else {
            forward.extend(one.forward);
            continue;
        };
        let number = numbers.entry(name).or_insert(0);
        *number += 1;
        let ident = field_ident(&format!("{name}_{number}"));
        let x = Ident::new("x", Span::call_site());
        forward.push(match one.forward {
            None => quote::quote!(self.#ident.forward(#x)),
            Some(code) => quote::quote!({ let layer = &self.#ident; #code }),
        });
        fields.push((ident, field));
    }
    Body::Layers { fields, forward }
}
