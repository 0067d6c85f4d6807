//! What morphisms are made of.

use std::collections::HashSet;

use diagram_core::{Code, Definition, Fault, MorphismId, check};
use proc_macro2::Ident;

use crate::lower::definitions::adapters::Adapted;
use crate::lower::definitions::averages::{Averaged, average_of};
use crate::lower::definitions::chain::ChainTyping;
use crate::lower::definitions::composites::Waiting;
use crate::lower::definitions::methods::Method;
use crate::lower::header::generics::type_parameter;
use crate::lower::header::names::Entity;
use crate::lower::{Attributes, Body, Function, Lowering};
use crate::syntax::tree::{self, Chain, DefinitionKind, Item, ItemKind, StepKind, bare, shown};
use diagram_layers::layers;

mod adapters;
mod arrows;
mod averages;
pub(in crate::lower) mod chain;
mod combinator;
mod composites;
mod methods;
mod parameters;

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

impl<'a> Lowering<'a, '_> {
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
            let parts = self.composite_parts(one.definition, &names);
            let id = match self.names.get(&text) {
                Some(Entity::Morphism(id)) => id,
                None if parts.is_some() => {
                    self.morphism(one.name, None, None, one.attributes, false)
                }
                None => {
                    let like = average_of(one.definition).and_then(|of| self.names.morphism(of));
                    claimed.extend(self.never_drawn(one.name, &names, like));
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
                (None, _) => self.define(id, definition),
            }
        }
        self.never_defined(&done, &claimed);
        self.averages(&averages, &waiting, &methods);
        self.methods(&methods);
        self.composites(&waiting);
        self.freeze();
        self.still_averages(&averages);
        let adapters = defined.iter().filter(|one| one.whole);
        self.adapters(adapters.filter_map(|one| one.adapters).collect());
        self.follow_modules();
    }

    /// The morphisms of a chain that is made of nothing else: a composite.
    fn composite_parts(
        &self,
        definition: &'a tree::Definition,
        defined: &HashSet<String>,
    ) -> Option<(&'a Chain, Vec<&'a Ident>)> {
        let DefinitionKind::Chain(chain) = &definition.kind else {
            return None;
        };
        let mut names = Vec::new();
        let made_of_names = self.names_of(chain, defined, &mut names);
        // One name of another morphism tells that the others are meant as morphisms, too.
        let known = |name: &&Ident| {
            let name = bare(name);
            matches!(self.names.get(&name), Some(Entity::Morphism(_))) || defined.contains(&name)
        };
        let meant = || {
            names.iter().any(known)
                || names
                    .iter()
                    .all(|name| self.names.nearest_morphism(name).is_some())
        };
        (made_of_names && meant()).then_some((chain, names))
    }

    /// Whether a chain is made of names that are no layers', but for `identity`; they are added.
    fn names_of(
        &self,
        chain: &'a Chain,
        defined: &HashSet<String>,
        names: &mut Vec<&'a Ident>,
    ) -> bool {
        let mut powers = chain.factors.iter().flat_map(|product| &product.powers);
        powers.all(|power| match &power.step.kind {
            StepKind::Name(name) if self.names.is_identity(name) => true,
            StepKind::Name(name) => {
                names.push(name);
                let text = bare(name);
                match self.names.get(&text) {
                    Some(Entity::Morphism(_)) => true,
                    _ if defined.contains(&text) => true,
                    _ if layers::is_known(&text) || text == "parameter" => false,
                    Some(_) => true,
                    None => {
                        self.names.nearest_morphism(name).is_some()
                            || layers::spelling::meant(&text).is_none()
                    }
                }
            }
            StepKind::Again(_, chain) => self.names_of(chain, defined, names),
            StepKind::Chains(chains) => {
                let mut chains = chains.iter();
                chains.all(|chain| self.names_of(chain, defined, names))
            }
            StepKind::Call(..) | StepKind::Dims(..) => false,
        })
    }

    /// A definition that is no composite.
    fn define(&mut self, id: MorphismId, definition: &'a tree::Definition) {
        self.output.diagram.morphisms[id.0].frozen = definition.frozen.is_some();
        let place = definition.place;
        match &definition.kind {
            DefinitionKind::Chain(chain) if is_parameter(chain) => {
                self.parameter(id, &[], place);
            }
            DefinitionKind::Chain(chain) => {
                let (names, diagram) = (&self.names, &self.output.diagram);
                let faulty = &mut self.faulty;
                let made = self.rules.together(|rules| {
                    let mut typing = ChainTyping {
                        names,
                        diagram,
                        faulty,
                        rules,
                    };
                    typing.layers(id, chain)
                });
                if let Some(made) = made {
                    self.output.define(id, made, Body::Layers);
                }
            }
            DefinitionKind::Slot => self.output.slot(id, None),
            DefinitionKind::Module { ty, config } => {
                let parameter = type_parameter(self.tree, ty).filter(|_| config.is_none());
                if parameter.is_some() {
                    return self.output.slot(id, parameter);
                }
                self.output.diagram.morphisms[id.0].definition = Definition::Module {
                    ty: ty.text().into(),
                    config: config.as_ref().map(|config| config.text().into()),
                };
                self.output.part(id).body = Body::Module {
                    ty: &ty.0,
                    config: config.as_ref().map(|config| &config.0),
                };
            }
            DefinitionKind::Function(path) => {
                self.function(id, definition, Function::Named(&path.0));
            }
            DefinitionKind::Closure(closure) => {
                self.function(id, definition, Function::Closure(&closure.0));
            }
            // Methods wait for their modules, as averages do.
            DefinitionKind::Method { .. } => {}
            DefinitionKind::Special { arguments, .. } => self.parameter(id, arguments, place),
            DefinitionKind::Adapted { .. } => self.adapted_inside(id, place),
        }
    }

    /// A function or a closure. It has no weights, and its draws are in training and validation alike.
    fn function(
        &mut self,
        id: MorphismId,
        definition: &'a tree::Definition,
        function: Function<'a>,
    ) {
        let name = &self.output.diagram.morphism(id).name;
        if let Some(frozen) = definition.frozen {
            // error: `frozen` cannot stand before a function: `crop` has no weights [D0410]
            let message =
                format!("`frozen` cannot stand before a function: `{name}` has no weights");
            self.fault(frozen, Fault::new(Code::FrozenComposite, message));
        }
        self.output.diagram.morphisms[id.0].definition =
            Definition::Function(shown(definition).into());
        self.output.part(id).body = Body::Function(function);
    }

    /// The morphism that an item speaks of.
    pub(in crate::lower) fn morphism_named(&mut self, name: &Ident) -> Option<MorphismId> {
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Morphism(id)) => return Some(id),
            Some(other) => {
                let fault = other.instead_of(Code::UnknownMorphism, &text, "a morphism");
                self.fault(name.span().into(), fault);
            }
            None => {
                let morphisms = self.names.morphisms();
                let fault = check::not_found(Code::UnknownMorphism, "morphism", &text, morphisms);
                self.rules.reports.absent(name, fault);
            }
        }
        None
    }

    /// What training changes of these morphisms and of what they are made of, each once: `f, g`.
    pub(in crate::lower) fn trained_in(&self, morphisms: &[MorphismId]) -> String {
        let applied = morphisms.iter().flat_map(|id| {
            let definition = &self.output.diagram.morphism(*id).definition;
            match definition {
                Definition::Composite { paths, .. } => {
                    self.output.diagram.paths.applied_within(paths)
                }
                _ => vec![*id],
            }
        });
        let mut seen = HashSet::new();
        let modules = applied
            .map(|id| self.output.diagram.behind(id))
            .filter(|id| seen.insert(*id))
            .map(|id| self.output.diagram.morphism(id));
        let trained = modules.filter(|module| module.is_trained());
        let names: Vec<_> = trained.map(|module| module.name.as_str()).collect();
        names.join(", ")
    }

    /// `frozen f, g;`
    fn freeze(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            let ItemKind::Frozen(names) = &item.kind else {
                continue;
            };
            for name in names {
                let Some(id) = self.morphism_named(name) else {
                    continue;
                };
                if let Some(average) = &self.output.diagram.morphism(id).average {
                    let of = self.output.diagram.morphism(average.of).name.clone();
                    self.fault(
                        name.span().into(),
                        check::frozen_average(&bare(name), Some(&of)),
                    );
                    continue;
                }
                let help = match &self.output.diagram.morphism(id).definition {
                    Definition::Function { .. } => None,
                    Definition::Composite { .. } => {
                        let parts = self.trained_in(&[id]);
                        let help = format!("freeze what it is made of: `frozen {parts};`");
                        (!parts.is_empty()).then_some(help)
                    }
                    Definition::Method { of, .. } => {
                        let module = &self.output.diagram.morphism(*of).name;
                        let help = "freeze the module that it is a method of";
                        Some(format!("{help}: `frozen {module};`"))
                    }
                    Definition::Parameter { .. }
                    | Definition::Layers { .. }
                    | Definition::Module { .. } => {
                        self.output.diagram.morphisms[id.0].frozen = true;
                        continue;
                    }
                };
                let fault = check::nothing_to_freeze(&bare(name));
                self.fault(name.span().into(), fault.maybe_help(help));
            }
        }
    }
}

/// The word `parameter` alone.
fn is_parameter(chain: &Chain) -> bool {
    let [product] = chain.factors.as_slice() else {
        return false;
    };
    match product.powers.as_slice() {
        [one] if one.count.is_none() => {
            matches!(&one.step.kind, StepKind::Name(name) if name == "parameter")
        }
        _ => false,
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
