//! What morphisms are made of.

use std::collections::HashSet;

use diagram_core::{Code, Fault};
use proc_macro2::Ident;

use crate::lower::definitions::adapters::Adapted;
use crate::lower::definitions::averages::{Averaged, average_of};
use crate::lower::definitions::composites::Waiting;
use crate::lower::definitions::methods::Method;
use crate::lower::header::names::Entity;
use crate::lower::{Attributes, Lowering};
use crate::syntax::tree::{self, DefinitionKind, Item, ItemKind, bare};

mod adapters;
mod arrows;
mod averages;
pub(in crate::lower) mod chain;
mod combinator;
mod composites;
pub(in crate::lower) mod defining;
mod frozen;
mod methods;
mod parameters;
mod undefined;

/// A definition and the item it stands in.
#[derive(Clone, Copy)]
struct Defined<'a> {
    name: &'a Ident,
    definition: &'a tree::Definition,
    attributes: Attributes<'a>,
    /// Whether all of it was read.
    whole: bool,
    /// The adapters of `lora(…)` around it.
    adapters: Option<Adapted<'a>>,
}

impl Lowering<'_, '_> {
    /// What every morphism is made of. Averages and methods come when every module is known, then
    /// composites, each after those it is made of.
    pub(in crate::lower) fn definitions(&mut self) {
        let tree = self.tree;
        let defined: Vec<_> = tree.items.iter().filter_map(Defined::of).collect();
        let names: HashSet<String> = defined.iter().map(|one| bare(one.name)).collect();
        let mut waiting = Vec::new();
        let mut methods = Vec::new();
        let mut averages = Vec::new();
        let mut done = HashSet::new();
        let mut claimed = HashSet::new();
        let mut twice = HashSet::new();
        for one in &defined {
            let text = bare(one.name);
            let parts = self.names.composite_parts(one.definition, &names);
            let id = match self.names.get(&text) {
                Some(Entity::Morphism(id)) => id,
                None if parts.is_some() => {
                    self.morphism(one.name, None, None, one.attributes, false)
                }
                None => {
                    let like = average_of(one.definition).and_then(|of| self.names.morphism(of));
                    claimed.extend(self.defining().never_drawn(one.name, &names, like));
                    let id = self.morphism(one.name, None, None, one.attributes, false);
                    self.faulty.morphisms.insert(id);
                    self.faulty.nameless.insert(id);
                    continue;
                }
                Some(_) => {
                    // error: `Image` is declared twice [D0107]
                    self.names
                        .declare(one.name, Entity::Hyper, &mut self.rules.reports);
                    continue;
                }
            };
            if !done.insert(id) {
                // error: `student` is defined twice [D0107]
                let message = format!("`{text}` is defined twice");
                self.fault(
                    one.name.span().into(),
                    Fault::new(Code::DeclaredTwice, message),
                );
                let first = defined.iter().find(|first| bare(first.name) == text);
                if let Some(first) = first.filter(|_| twice.insert(text.clone())) {
                    let message = format!("`{text}` is defined here first");
                    let fault = Fault::new(Code::DeclaredTwice, message);
                    self.fault(first.name.span().into(), fault);
                }
                continue;
            }
            if self.output.diagram.morphism(id).drawn {
                self.output.part(id).attributes.push(one.attributes);
            }
            let definition = one.definition;
            match (parts, &definition.kind) {
                _ if !one.whole => {
                    self.faulty.morphisms.insert(id);
                }
                (Some((chain, parts)), _) => waiting.push(Waiting {
                    id,
                    parts,
                    chain,
                    definition,
                }),
                (None, DefinitionKind::Method { morphism, method }) => methods.push(Method {
                    id,
                    definition,
                    of: morphism,
                    called: method,
                }),
                (None, DefinitionKind::Special { word, arguments }) if word == "ema" => {
                    averages.push(Averaged {
                        id,
                        definition,
                        arguments,
                    });
                }
                (None, _) => self.defining().define(id, definition),
            }
        }
        let mut defining = self.defining();
        defining.never_defined(&done, &claimed);
        defining.averages(&averages, &waiting, &methods);
        defining.methods(&methods);
        self.composites(&waiting);
        let mut defining = self.defining();
        defining.freeze();
        defining.still_averages(&averages);
        let adapters = defined.iter().filter(|one| one.whole);
        let adapters: Vec<_> = adapters.filter_map(|one| one.adapters).collect();
        defining.adapters(&adapters);
        defining.follow_modules();
    }
}

impl<'a> Defined<'a> {
    fn of(item: &'a Item) -> Option<Self> {
        match &item.kind {
            ItemKind::Definition { name, definition } => {
                let (definition, adapters) = Adapted::around(name, definition);
                Some(Defined {
                    name,
                    definition,
                    attributes: &item.attributes,
                    whole: item.whole,
                    adapters,
                })
            }
            _ => None,
        }
    }
}
