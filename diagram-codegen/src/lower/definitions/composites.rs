//! Composites of the diagram's own morphisms, each after those it is made of.

use std::collections::{HashMap, HashSet, VecDeque};

use diagram_core::{Code, Definition, Fault, MorphismId, Space, check};
use proc_macro2::Ident;

use crate::lower::definitions::defining::Defining;
use crate::lower::definitions::frozen::trained_in;
use crate::lower::paths::Typed;
use crate::lower::{Body, Lowering};
use crate::syntax::tree::{self, Chain, Power, StepKind, bare, shown};

mod handed_on;
mod parts;
mod run;

/// A composite that waits for the composites it is made of.
pub(in crate::lower) struct Waiting<'a> {
    pub(in crate::lower) id: MorphismId,
    /// The morphisms in it, in order.
    pub(in crate::lower) parts: Vec<&'a Ident>,
    pub(in crate::lower) chain: &'a Chain,
    pub(in crate::lower) definition: &'a tree::Definition,
}

impl<'a> Lowering<'a, '_> {
    /// Composites, each after those it is made of; what is left waits for itself.
    pub(in crate::lower) fn composites(&mut self, waiting: &[Waiting<'a>]) {
        let ids: HashSet<_> = waiting.iter().map(|one| one.id).collect();
        let mut users: HashMap<MorphismId, Vec<usize>> = HashMap::new();
        let mut open: Vec<usize> = Vec::new();
        for (index, one) in waiting.iter().enumerate() {
            let parts: HashSet<_> = one
                .parts
                .iter()
                .filter_map(|part| self.names.morphism(part))
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
            let text = bare(self.output.morphisms[one.id.0].name);
            // error: `f` is defined by itself [D0407]
            let fault = Fault::new(
                Code::CompositeCycle,
                format!("`{text}` is defined by itself"),
            )
            .note(format!("`{text}` : {}", one.definition));
            self.fault(one.definition.place, fault);
            self.faulty.morphisms.insert(one.id);
        }
    }

    /// The path of a composite at its input; its ends follow, and drawn ones must be those.
    fn composite(&mut self, one: &Waiting<'a>) {
        // Every part is looked at, whatever is wrong with another.
        let known: Vec<_> = one
            .parts
            .iter()
            .map(|part| self.defining().morphism_named(part))
            .collect();
        let known: Option<Vec<_>> = known.into_iter().collect();
        let Some(parts) = known else {
            return self.defining().silenced(one);
        };
        if let Some(place) = one.definition.frozen {
            let parts = trained_in(&self.output.diagram, &parts);
            let help = format!("say it of them: `frozen {parts};`");
            // error: `frozen` before morphisms of the same diagram [D0410]
            let fault = Fault::new(
                Code::FrozenComposite,
                "`frozen` cannot stand before morphisms of the same diagram: it speaks of their own weights",
            )
            .maybe_help((!parts.is_empty()).then_some(help));
            self.fault(place, fault);
        }
        let before = self.rules.reports.diagnostics.faults().len();
        match self.composed(one) {
            Some((domain, typed)) => self.defining().composite_ends(one, domain, typed),
            None => {
                self.paths().say_what_to_hand_on(before, one);
                self.defining().silenced(one);
            }
        }
    }

    /// The domain of a composite, and its paths with their ends.
    fn composed(&mut self, one: &Waiting<'a>) -> Option<(Vec<Space>, Vec<Typed>)> {
        let chain = one.chain;
        let domain = match self.paths().domain_of(chain.factors.first()?) {
            Some(domain) => domain,
            None => self.defining().drawn_domain(one)?,
        };
        let mut paths = self.paths();
        let inputs = paths.inputs(domain.iter());
        let value = paths.run(chain, inputs, None)?;
        Some((domain, value))
    }
}

impl Defining<'_, '_, '_> {
    /// A composite of what is at fault: its ends may be known all the same, and then its method is.
    fn silenced(&mut self, one: &Waiting<'_>) {
        self.faulty.morphisms.insert(one.id);
        let simple = one
            .chain
            .factors
            .iter()
            .all(|product| product.powers.len() == 1);
        let ends = one.parts.first().zip(one.parts.last()).filter(|_| simple);
        let ends = ends
            .and_then(|(first, last)| self.names.morphism(first).zip(self.names.morphism(last)));
        let Some((first, last)) = ends.filter(|_| !self.output.diagram.morphism(one.id).drawn)
        else {
            return;
        };
        let domain = self.output.diagram.morphism(first).domain.clone();
        let codomain = self.output.diagram.morphism(last).codomain.clone();
        self.output.part(one.id).known =
            self.output.morphisms[first.0].known && self.output.morphisms[last.0].known;
        let morphism = &mut self.output.diagram.morphisms[one.id.0];
        (morphism.domain, morphism.codomain) = (domain, codomain);
        morphism.definition = Definition::Composite {
            text: one.definition.to_string(),
            paths: Vec::new(),
        };
    }

    /// What a composite starts at by its arrow, where its first morphisms do not tell.
    fn drawn_domain(&mut self, one: &Waiting<'_>) -> Option<Vec<Space>> {
        let morphism = self.output.diagram.morphism(one.id);
        if morphism.drawn {
            return Some(morphism.domain.clone());
        }
        let sound = |part: &&Ident| {
            let known = self.names.morphism(part);
            known.is_some_and(|id| !self.faulty.morphisms.contains(&id))
        };
        if one.parts.iter().all(sound) {
            let name = &morphism.name;
            // error: what `both` starts at is not known: it begins with `identity` [D0109]
            let message =
                format!("what `{name}` starts at is not known: it begins with `identity`");
            let help = format!("draw `{name}` from what it is given to what it ends in");
            let fault = Fault::new(Code::NeverDrawn, message).help(help);
            self.fault(one.definition.place, fault);
        }
        None
    }

    /// The morphisms of a composite that only follow one another, each of one tensor to one.
    fn followed(&self, one: &Waiting<'_>) -> Option<Vec<MorphismId>> {
        let products = one.chain.factors.iter();
        let followed = products.map(|product| {
            let [Power { step, count: None }] = product.powers.as_slice() else {
                return None;
            };
            let StepKind::Name(name) = &step.kind else {
                return None;
            };
            let id = self.names.morphism(name)?;
            let morphism = self.output.diagram.morphism(id);
            (morphism.domain.len() == 1 && morphism.codomain.len() == 1).then_some(id)
        });
        followed.collect()
    }

    fn composite_ends(&mut self, one: &Waiting<'_>, domain: Vec<Space>, typed: Vec<Typed>) {
        let (paths, codomain): (Vec<_>, Vec<_>) =
            typed.into_iter().map(|one| (one.path, one.end)).unzip();
        let (diagram, place) = (&mut self.output.diagram, one.definition.place);
        let drawn = self.rules.settled_in(diagram, place, |diagram, _| {
            let morphism = diagram.morphism(one.id);
            if morphism.drawn {
                check::drawn_as(diagram, morphism, &domain, &codomain)
            } else {
                Ok(())
            }
        });
        if drawn.is_none() {
            self.faulty.morphisms.insert(one.id);
            return;
        }
        let morphism = &mut self.output.diagram.morphisms[one.id.0];
        morphism.domain = domain;
        morphism.codomain = codomain;
        let composite = Definition::Composite {
            text: shown(one.definition),
            paths,
        };
        let chain = self.followed(one).unwrap_or_default();
        self.output
            .define(one.id, composite, Body::Composite { chain });
        self.output.part(one.id).known = true;
    }
}
