//! Low-rank adapters: `vit = lora(Vit, rank = 8);` and `lora vit(rank = 8);`

use diagram_core::{Adapters, Code, Fault, MorphismId, check};
use diagram_layers::adaptation;
use proc_macro2::Ident;

use crate::arguments;
use crate::lower::definitions::defining::Defining;
use crate::place::Place;
use crate::syntax::tree::{self, Argument, DefinitionKind, ItemKind};

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

impl Defining<'_, '_, '_> {
    /// The adapters of every morphism that has some; to be asked when all that is frozen is known.
    pub(in crate::lower) fn adapters(&mut self, adapted: &[Adapted<'_>]) {
        for one in adapted {
            self.adapt(one);
        }
        let tree = self.rules.reports.tree;
        for item in tree.items.iter().filter(|item| item.whole) {
            if let ItemKind::Lora {
                morphism,
                arguments,
            } = &item.kind
            {
                self.adapt(&Adapted {
                    morphism,
                    arguments,
                    place: item.place,
                    at: morphism.span().into(),
                    frozen: None,
                });
            }
        }
    }

    /// `lora(lora(…))`
    pub(in crate::lower) fn adapted_inside(&mut self, id: MorphismId, place: Place) {
        let name = self.output.diagram.morphism(id).name.clone();
        self.fault(place, twice(&name));
        self.faulty.morphisms.insert(id);
    }

    fn adapt(&mut self, one: &Adapted<'_>) {
        let read = self.rules.decided(|scope| {
            arguments::read(
                "lora",
                &adaptation::ADAPTERS,
                one.arguments,
                one.place,
                scope,
            )
        });
        let Some(id) = self.morphism_named(one.morphism) else {
            return;
        };
        if self.faulty.morphisms.contains(&id) {
            return;
        }
        let morphism = self.output.diagram.morphism(id);
        let place = one.at;
        if morphism.adapters.is_some() {
            return self.fault(place, twice(&morphism.name));
        }
        if let Some(fault) = check::nothing_to_adapt(&self.output.diagram, id) {
            return self.fault(place, fault);
        }
        if morphism.frozen || one.frozen.is_some() {
            let fault = check::frozen_and_adapted(&morphism.name);
            return self.fault(one.frozen.unwrap_or(place), fault);
        }
        let Some((rank, read)) =
            read.and_then(|read| Some((read.call.size("rank")?.clone(), read.call)))
        else {
            return;
        };
        let alpha = read.float("alpha");
        let quantized = read.switch("quantized").unwrap_or(false);
        self.output.diagram.morphisms[id.0].adapters = Some(Adapters {
            rank,
            alpha: alpha.cloned(),
            quantized,
        });
    }
}

// error: `vit` is given adapters twice [D0107]
fn twice(name: &str) -> Fault {
    Fault::new(
        Code::DeclaredTwice,
        format!("`{name}` is given adapters twice"),
    )
}
