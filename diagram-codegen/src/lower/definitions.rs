//! Morphisms: where they are drawn, and what they are made of.

use std::collections::{HashMap, HashSet, VecDeque};

use diagram_core::fault::nearest;
use diagram_core::{Code, Definition, Fault, Morphism, MorphismId, ObjectId, Term, check};
use proc_macro2::Ident;

use super::names::{Entity, OWNED};
use super::paths::Typed;
use super::unsupported::not_yet;
use super::{Attributes, Body, Lowering, MorphismPart};
use crate::syntax::tree::{
    self, DefinitionKind, Item, ItemKind, Node, Power, StepKind, bare, shown,
};

/// A definition and the item it stands in.
#[derive(Clone, Copy)]
struct Defined<'a> {
    name: &'a Ident,
    definition: &'a tree::Definition,
    attributes: Attributes<'a>,
}

/// A composite that waits for the composites it is made of.
struct Waiting<'a> {
    id: MorphismId,
    parts: Vec<&'a Ident>,
    definition: &'a tree::Definition,
}

impl<'a> Lowering<'a, '_> {
    /// Every arrow of every chain declares its morphism.
    pub(super) fn arrows(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            let ItemKind::Chain { first, links } = &item.kind else {
                continue;
            };
            let mut left = self.node(first);
            for (arrow, node) in links {
                let right = self.node(node);
                let (domain, codomain) = if arrow.forward {
                    (left, right)
                } else {
                    (right, left)
                };
                let known = domain.is_some() && codomain.is_some();
                let id = self.morphism(&arrow.name, domain, codomain, &item.attributes, true);
                if !known {
                    self.faulty_morphisms.insert(id);
                }
                left = right;
            }
        }
    }

    /// The object of a node. Products and dims bound anew have no meaning yet.
    fn node(&mut self, node: &Node) -> Option<ObjectId> {
        match node.factors.as_slice() {
            [(name, dims)] => {
                if let Some(dims) = dims {
                    self.fault(dims.place, not_yet("a node with dims bound anew"));
                }
                self.find_object(name)
            }
            _ => {
                self.fault(node.place, not_yet(&format!("the product `{node}`")));
                None
            }
        }
    }

    fn morphism(
        &mut self,
        name: &'a Ident,
        domain: Option<ObjectId>,
        codomain: Option<ObjectId>,
        attributes: Attributes<'a>,
        drawn: bool,
    ) -> MorphismId {
        let id = MorphismId(self.diagram.morphisms.len());
        let text = bare(name);
        let owned = OWNED.contains(&text.as_str());
        if owned {
            // error: a morphism cannot be called `loss`: what is generated has that name already [D0110]
            let fault = Fault::new(
                Code::OwnedName,
                format!(
                    "a morphism cannot be called `{text}`: what is generated has that name already"
                ),
            )
            .help(format!("choose another name, such as `{text}_map`"));
            self.fault(name.span().into(), fault);
        }
        if !self.declare(name, Entity::Morphism(id)) || owned {
            self.faulty_morphisms.insert(id);
            self.nameless.insert(id);
        }
        self.diagram.morphisms.push(Morphism {
            name: text,
            domain: domain.into_iter().collect(),
            codomain: codomain.into_iter().collect(),
            definition: Definition::Layers {
                steps: Vec::new(),
                parameters: false,
            },
            frozen: false,
            drawn,
        });
        self.morphisms.push(MorphismPart {
            name,
            attributes: vec![attributes],
            body: Body::Unknown,
        });
        id
    }

    /// What every morphism is made of. Composites come last, each after those it is made of.
    pub(super) fn definitions(&mut self) {
        let tree = self.tree;
        let defined: Vec<_> = tree.items.iter().filter_map(Defined::of).collect();
        let names: HashSet<String> = defined.iter().map(|one| bare(one.name)).collect();
        let mut waiting = Vec::new();
        let mut done = HashSet::new();
        for one in &defined {
            let text = bare(one.name);
            let parts = self.composite_parts(one.definition, &names);
            let id = match self.names.get(&text) {
                Some(Entity::Morphism(id)) => id,
                None if parts.is_some() => {
                    self.morphism(one.name, None, None, one.attributes, false)
                }
                None => {
                    self.never_drawn(one, &names);
                    let id = self.morphism(one.name, None, None, one.attributes, false);
                    self.faulty_morphisms.insert(id);
                    self.nameless.insert(id);
                    continue;
                }
                Some(_) => {
                    // error: `Image` is declared twice [D0107]
                    self.declare(one.name, Entity::Hyper);
                    continue;
                }
            };
            if !done.insert(id) {
                // error: `student` is defined twice [D0107]
                let fault = Fault::new(Code::DeclaredTwice, format!("`{text}` is defined twice"));
                self.fault(one.name.span().into(), fault);
                continue;
            }
            if self.diagram.morphism(id).drawn {
                self.part(id).attributes.push(one.attributes);
            }
            match parts {
                Some(parts) => waiting.push(Waiting {
                    id,
                    parts,
                    definition: one.definition,
                }),
                None => self.define(id, one.definition),
            }
        }
        self.never_defined(&done, &names);
        self.composites(&waiting);
        self.freeze();
    }

    fn part(&mut self, id: MorphismId) -> &mut MorphismPart<'a> {
        &mut self.morphisms[id.0]
    }

    /// The morphisms of a chain that is made of nothing else: a composite.
    fn composite_parts(
        &self,
        definition: &'a tree::Definition,
        defined: &HashSet<String>,
    ) -> Option<Vec<&'a Ident>> {
        let DefinitionKind::Chain(chain) = &definition.kind else {
            return None;
        };
        let mut names = Vec::new();
        for product in &chain.factors {
            let [Power { step, count: None }] = product.powers.as_slice() else {
                return None;
            };
            let StepKind::Name(name) = &step.kind else {
                return None;
            };
            let text = bare(name);
            let drawn = matches!(self.names.get(&text), Some(Entity::Morphism(_)));
            if !drawn && !defined.contains(&text) {
                return None;
            }
            names.push(name);
        }
        Some(names)
    }

    /// error: `encodr` is defined and never drawn [D0109]
    fn never_drawn(&mut self, one: &Defined<'_>, defined: &HashSet<String>) {
        let text = bare(one.name);
        let undefined = self
            .names
            .morphisms()
            .filter(|name| !defined.contains(*name));
        let help = match nearest(&text, undefined) {
            Some(near) => format!("`{near}` is drawn and has no definition: is it this one?"),
            // Its arrow may be in what could not be read.
            None if self.unreadable => return,
            None => format!("draw it: `Domain --{text}--> Codomain;`"),
        };
        let message = format!("`{text}` is defined and never drawn");
        self.fault(
            one.name.span().into(),
            Fault::new(Code::NeverDrawn, message).help(help),
        );
    }

    /// error: `encoder` is drawn and never defined [D0108]
    fn never_defined(&mut self, done: &HashSet<MorphismId>, defined: &HashSet<String>) {
        for index in 0..self.diagram.morphisms.len() {
            let id = MorphismId(index);
            if done.contains(&id) || self.nameless.contains(&id) {
                continue;
            }
            let text = self.diagram.morphism(id).name.clone();
            let loose = defined.iter().filter(|name| self.names.get(name).is_none());
            let help = match nearest(&text, loose.map(String::as_str)) {
                Some(near) => format!("`{near}` is defined and not drawn: is it this one?"),
                // Its definition may be in what could not be read.
                None if self.unreadable => {
                    self.faulty_morphisms.insert(id);
                    continue;
                }
                None => format!("define it, by layers or by your own module: `{text} = …;`"),
            };
            let message = format!("`{text}` is drawn and never defined");
            self.fault(
                self.morphisms[index].name.span().into(),
                Fault::new(Code::NeverDefined, message).help(help),
            );
            self.faulty_morphisms.insert(id);
        }
    }

    /// A definition that is no composite.
    fn define(&mut self, id: MorphismId, definition: &'a tree::Definition) {
        self.diagram.morphisms[id.0].frozen = definition.frozen.is_some();
        let place = definition.place;
        let what = match &definition.kind {
            DefinitionKind::Chain(chain) => return self.layers(id, chain),
            DefinitionKind::Module { ty, config } => {
                self.diagram.morphisms[id.0].definition = Definition::Module {
                    type_name: ty.to_string(),
                    config: config.as_ref().map(ToString::to_string),
                };
                self.part(id).body = Body::Module {
                    ty: &ty.0,
                    config: config.as_ref().map(|config| &config.0),
                };
                return;
            }
            DefinitionKind::Slot => "the slot `_`",
            DefinitionKind::Function(_) => "`fn`",
            DefinitionKind::Closure(_) => "a closure as a morphism",
            DefinitionKind::Method { .. } => "another method of a module",
            DefinitionKind::Special { word, .. } => &format!("`{}`", bare(word)),
        };
        self.fault(place, not_yet(what));
        self.faulty_morphisms.insert(id);
    }

    /// Composites, each after those it is made of; what is left waits for itself.
    fn composites(&mut self, waiting: &[Waiting<'a>]) {
        let ids: HashSet<_> = waiting.iter().map(|one| one.id).collect();
        let mut users: HashMap<MorphismId, Vec<usize>> = HashMap::new();
        let mut open: Vec<usize> = Vec::new();
        for (index, one) in waiting.iter().enumerate() {
            let parts: HashSet<_> = one
                .parts
                .iter()
                .filter_map(|part| self.known(part))
                .collect();
            let before = parts.iter().filter(|part| ids.contains(part));
            open.push(before.clone().count());
            before.for_each(|part| users.entry(*part).or_default().push(index));
        }
        let mut ready: VecDeque<usize> = (0..waiting.len())
            .filter(|index| open[*index] == 0)
            .collect();
        while let Some(index) = ready.pop_front() {
            let one = &waiting[index];
            self.composite(one);
            for user in users.remove(&one.id).unwrap_or_default() {
                open[user] -= 1;
                if open[user] == 0 {
                    ready.push_back(user);
                }
            }
        }
        for (one, _) in waiting.iter().zip(open).filter(|(_, open)| *open > 0) {
            let text = bare(self.morphisms[one.id.0].name);
            // error: `f` is defined by itself [D0407]
            let fault = Fault::new(
                Code::CompositeCycle,
                format!("`{text}` is defined by itself"),
            )
            .note(format!("`{text}` : {}", one.definition));
            self.fault(one.definition.place, fault);
            self.faulty_morphisms.insert(one.id);
        }
    }

    fn known(&self, name: &Ident) -> Option<MorphismId> {
        match self.names.get(&bare(name)) {
            Some(Entity::Morphism(id)) => Some(id),
            _ => None,
        }
    }

    /// The path of a composite at its input; its ends follow, and drawn ones must be those.
    fn composite(&mut self, one: &Waiting<'a>) {
        if let Some(place) = one.definition.frozen {
            let names: Vec<_> = one.parts.iter().map(|part| bare(part)).collect();
            // error: `frozen` before morphisms of the same diagram [D0410]
            let fault = Fault::new(
                Code::FrozenComposite,
                "`frozen` cannot stand before morphisms of the same diagram: it speaks of their own weights",
            )
            .help(format!("say it of them: `frozen {};`", names.join(", ")));
            self.fault(place, fault);
        }
        match self.composed(&one.parts) {
            Some((domain, typed)) => self.composite_ends(one, domain, typed),
            None => self.silenced(one),
        }
    }

    /// A composite of what is at fault: its ends may be known all the same, and then its method is.
    fn silenced(&mut self, one: &Waiting<'a>) {
        self.faulty_morphisms.insert(one.id);
        let ends = one.parts.first().zip(one.parts.last());
        let ends = ends.and_then(|(first, last)| self.known(first).zip(self.known(last)));
        let Some((first, last)) = ends.filter(|_| !self.diagram.morphism(one.id).drawn) else {
            return;
        };
        let domain = self.diagram.morphism(first).domain.clone();
        let codomain = self.diagram.morphism(last).codomain.clone();
        let path = self.diagram.paths.intern(Term::Input(0));
        let morphism = &mut self.diagram.morphisms[one.id.0];
        (morphism.domain, morphism.codomain) = (domain, codomain);
        morphism.definition = Definition::Composite {
            text: one.definition.to_string(),
            path,
        };
    }

    /// The domain of a composite, and its path with its end.
    fn composed(&mut self, parts: &[&'a Ident]) -> Option<(ObjectId, Typed)> {
        let ids: Vec<_> = parts.iter().map(|part| self.known(part)).collect();
        let first = ids.first().copied().flatten()?;
        let &[domain] = self.diagram.morphism(first).domain.as_slice() else {
            return None;
        };
        let path = self.diagram.paths.intern(Term::Input(0));
        let mut value = Typed { path, end: domain };
        for (position, (id, part)) in ids.into_iter().zip(parts).enumerate() {
            let id = id.filter(|id| !self.faulty_morphisms.contains(id))?;
            if position > 0 {
                let before = bare(parts[position - 1]);
                let composes = check::composes(&self.diagram, &before, value.end, id);
                self.diagnostics
                    .take(composes.map_err(|fault| (part.span().into(), fault)))?;
            }
            value = self.applied(id, vec![value.path])?;
        }
        Some((domain, value))
    }

    fn composite_ends(&mut self, one: &Waiting<'a>, domain: ObjectId, typed: Typed) {
        let morphism = &mut self.diagram.morphisms[one.id.0];
        if morphism.drawn && (morphism.domain != [domain] || morphism.codomain != [typed.end]) {
            let name = morphism.name.clone();
            let drawn = self.diagram.arrow(self.diagram.morphism(one.id));
            let object = |id| self.diagram.object(id).name.as_str();
            // error: `model` is drawn as `Image --model--> Latent`, but its definition goes from `Image` to `Logits` [D0401]
            let fault = Fault::new(
                Code::NotComposable,
                format!(
                    "`{name}` is drawn as `{drawn}`, but its definition goes from `{}` to `{}`",
                    object(domain),
                    object(typed.end)
                ),
            );
            self.fault(one.definition.place, fault);
            self.faulty_morphisms.insert(one.id);
            return;
        }
        morphism.domain = vec![domain];
        morphism.codomain = vec![typed.end];
        morphism.definition = Definition::Composite {
            text: shown(one.definition),
            path: typed.path,
        };
        let parts = one.parts.iter().filter_map(|part| self.known(part));
        let parts = parts.collect();
        self.part(one.id).body = Body::Composite(parts);
    }

    /// `frozen f, g;`
    fn freeze(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            let ItemKind::Frozen(names) = &item.kind else {
                continue;
            };
            for name in names {
                let Some(id) = self.known(name) else {
                    let fault = check::not_found(
                        Code::UnknownMorphism,
                        "morphism",
                        &bare(name),
                        self.names.morphisms(),
                    );
                    self.absent(name.span().into(), fault);
                    continue;
                };
                let morphism = &mut self.diagram.morphisms[id.0];
                if let Definition::Composite { text, .. } = &morphism.definition {
                    // error: `model` has no weights of its own to freeze [D0410]
                    let fault = Fault::new(
                        Code::FrozenComposite,
                        format!("`{}` has no weights of its own to freeze", morphism.name),
                    )
                    .help(format!(
                        "freeze what it is made of: `frozen {};`",
                        text.replace(" >>", ",")
                    ));
                    self.fault(name.span().into(), fault);
                } else {
                    morphism.frozen = true;
                }
            }
        }
    }
}

impl<'a> Defined<'a> {
    fn of(item: &'a Item) -> Option<Self> {
        match &item.kind {
            ItemKind::Definition { name, definition } => Some(Defined {
                name,
                definition,
                attributes: &item.attributes,
            }),
            _ => None,
        }
    }
}
