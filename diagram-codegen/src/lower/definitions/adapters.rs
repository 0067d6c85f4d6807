//! Low-rank adapters: `vit = lora(Vit, rank = 8);` and `lora vit(rank = 8);`

use diagram_core::{Adapters, Code, Definition, Fault, MorphismId, Range, Step, check};
use diagram_layers::{Parameter, ParameterKind};
use proc_macro2::Ident;

use crate::arguments;
use crate::lower::Lowering;
use crate::place::Place;
use crate::syntax::tree::{self, Argument, DefinitionKind, ItemKind};

/// What `lora` takes: what Burn's `Lora::new` does, in its order.
pub(crate) static PARAMETERS: [Parameter; 3] = [
    Parameter::new("rank", ParameterKind::Size, "the rank of the adapters")
        .positional()
        .required(),
    Parameter::new(
        "alpha",
        ParameterKind::Float(Range::POSITIVE),
        "what they are scaled by, times the rank",
    )
    .positional(),
    Parameter::new(
        "quantized",
        ParameterKind::Switch,
        "whether the matrices under them are kept in eight bits",
    ),
];

/// The adapters that a definition or an item gives to a morphism.
#[derive(Clone, Copy)]
pub(in crate::lower) struct Adapted<'a> {
    morphism: &'a Ident,
    arguments: &'a [Argument],
    /// `lora(…)`, or the item without its `;`.
    place: Place,
    /// Where it is said of what: `lora(…)`, or the name in the item.
    at: Place,
    /// The word `frozen` before `lora(…)`, or before what stands in it.
    frozen: Option<Place>,
}

impl<'a> Adapted<'a> {
    /// What stands in `lora(…)`, and its adapters; a definition without them is itself.
    pub(in crate::lower) fn around(
        morphism: &'a Ident,
        definition: &'a tree::Definition,
    ) -> (&'a tree::Definition, Option<Self>) {
        let DefinitionKind::Adapted { of, arguments } = &definition.kind else {
            return (definition, None);
        };
        let adapted = Adapted {
            morphism,
            arguments,
            place: definition.place,
            at: definition.place,
            frozen: definition.frozen.or(of.frozen),
        };
        (of, Some(adapted))
    }
}

impl<'a> Lowering<'a, '_> {
    /// The adapters of every morphism that has some; to be asked when all that is frozen is known.
    pub(in crate::lower) fn adapters(&mut self, mut adapted: Vec<Adapted<'a>>) {
        let tree = self.tree;
        adapted.extend(tree.items.iter().filter_map(|item| match &item.kind {
            ItemKind::Lora {
                morphism,
                arguments,
            } if item.whole => Some(Adapted {
                morphism,
                arguments,
                place: item.place,
                at: morphism.span().into(),
                frozen: None,
            }),
            _ => None,
        }));
        for one in &adapted {
            self.adapt(one);
        }
    }

    /// `lora(lora(…))`
    pub(in crate::lower) fn adapted_inside(&mut self, id: MorphismId, place: Place) {
        let name = self.diagram.morphism(id).name.clone();
        self.fault(place, twice(&name));
        self.faulty.morphisms.insert(id);
    }

    fn adapt(&mut self, one: &Adapted<'a>) {
        let read = self.decided(|lowering| {
            let scope = &lowering.scope;
            arguments::read("lora", &PARAMETERS, one.arguments, one.place, scope)
        });
        let Some(id) = self.morphism_named(one.morphism) else {
            return;
        };
        if self.faulty.morphisms.contains(&id) {
            return;
        }
        let morphism = self.diagram.morphism(id);
        let place = one.at;
        if morphism.adapters.is_some() {
            return self.fault(place, twice(&morphism.name));
        }
        if let Some(fault) = self.nothing_to_adapt(id) {
            return self.fault(place, fault);
        }
        if morphism.frozen || one.frozen.is_some() {
            let name = &morphism.name;
            // error: `vit` cannot be both frozen and adapted [D0416]
            let message = format!("`{name}` cannot be both frozen and adapted");
            let fault = Fault::new(Code::FrozenAndAdapted, message)
                .note("`lora` freezes it as `frozen` does, and trains adapters of its matrices")
                .help("leave out one of `frozen` and `lora`");
            return self.fault(one.frozen.unwrap_or(place), fault);
        }
        let Some((rank, read)) =
            read.and_then(|read| Some((read.call.size("rank")?.clone(), read.call)))
        else {
            return;
        };
        let alpha = read.float("alpha");
        let quantized = read.switch("quantized").unwrap_or(false);
        self.diagram.morphisms[id.0].adapters = Some(Adapters {
            rank,
            alpha: alpha.cloned(),
            quantized,
        });
    }

    /// Why a morphism has nothing that adapters could stand on, where that is known here: of the caller's
    /// modules it is only when they are there.
    fn nothing_to_adapt(&self, id: MorphismId) -> Option<Fault> {
        let morphism = self.diagram.morphism(id);
        let name = &morphism.name;
        if let Some(average) = &morphism.average {
            // error: `target` has nothing to adapt: it is the average of `online` [D0415]
            let of = &self.diagram.morphism(average.of).name;
            let message = format!("`{name}` has nothing to adapt: it is the average of `{of}`");
            let fault = Fault::new(Code::NothingToAdapt, message);
            return Some(fault.help(format!("adapt what it averages: `lora {of}(rank = 8);`")));
        }
        let (why, help) = match &morphism.definition {
            Definition::Module { .. } => return None,
            Definition::Layers { steps, .. } if has_matrices(steps) => return None,
            // error: `encoder` has nothing to adapt: no layer of it has a weight of rank 2 [D0415]
            Definition::Layers { parameters, .. } => {
                let help =
                    parameters.then(|| format!("`frozen {name};` keeps its weights as they are"));
                ("no layer of it has a weight of rank 2", help)
            }
            // error: `token` has nothing to adapt: it is a learned constant [D0415]
            Definition::Parameter { .. } => ("it is a learned constant", None),
            // error: `crop` has nothing to adapt: it is a function [D0415]
            Definition::Function(_) => ("it is a function", None),
            // error: `guide` has nothing to adapt: its weights are those of `vit` [D0415]
            Definition::Method { of, .. } => {
                let module = &self.diagram.morphism(*of).name;
                let message =
                    format!("`{name}` has nothing to adapt: its weights are those of `{module}`");
                let fault = Fault::new(Code::NothingToAdapt, message);
                return Some(fault.help(format!("adapt the module: `lora {module}(rank = 8);`")));
            }
            // error: `model` has nothing to adapt: it is a composite [D0415]
            Definition::Composite { paths, .. } => {
                let mut parts: Vec<_> = check::morphisms_of(&self.diagram, paths)
                    .into_iter()
                    .filter(|part| self.may_be_adapted(*part))
                    .collect();
                parts.sort();
                let items = parts.iter().map(|part| &self.diagram.morphism(*part).name);
                let items: Vec<_> = items
                    .map(|part| format!("lora {part}(rank = 8);"))
                    .collect();
                let help = (!items.is_empty())
                    .then(|| format!("adapt what it is made of: `{}`", items.join(" ")));
                ("it is a composite", help)
            }
        };
        let message = format!("`{name}` has nothing to adapt: {why}");
        Some(Fault::new(Code::NothingToAdapt, message).maybe_help(help))
    }

    /// Whether nothing is known that speaks against adapters of a part of a composite.
    fn may_be_adapted(&self, id: MorphismId) -> bool {
        let part = self.diagram.morphism(id);
        let plain = !part.frozen && part.adapters.is_none();
        plain && part.has_weights() && self.nothing_to_adapt(id).is_none()
    }
}

/// Whether adapters have something to stand on in a chain of layers.
fn has_matrices(steps: &[Step]) -> bool {
    let mut layers = Step::all(steps).into_iter().filter_map(Step::as_layer);
    layers.any(|layer| layer.traits.matrix)
}

// error: `vit` is given adapters twice [D0107]
fn twice(name: &str) -> Fault {
    Fault::new(
        Code::DeclaredTwice,
        format!("`{name}` is given adapters twice"),
    )
}
