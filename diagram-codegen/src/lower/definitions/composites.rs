//! Composites of the diagram's own morphisms, each after those it is made of.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt::Display;

use diagram_core::{Code, Definition, Fault, MorphismId, Space, Term, check};
use proc_macro2::Ident;

use crate::lower::paths::{Typed, ends_of};
use crate::lower::{Body, Lowering};
use crate::syntax::tree::{self, Chain, Power, Product, Step, StepKind, bare, shown};

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
            .map(|part| self.morphism_named(part))
            .collect();
        let known: Option<Vec<_>> = known.into_iter().collect();
        let Some(parts) = known else {
            return self.silenced(one);
        };
        if let Some(place) = one.definition.frozen {
            let parts = self.trained_in(&parts);
            let help = format!("say it of them: `frozen {parts};`");
            // error: `frozen` before morphisms of the same diagram [D0410]
            let fault = Fault::new(
                Code::FrozenComposite,
                "`frozen` cannot stand before morphisms of the same diagram: it speaks of their own weights",
            )
            .maybe_help((!parts.is_empty()).then_some(help));
            self.fault(place, fault);
        }
        match self.composed(one) {
            Some((domain, typed)) => self.composite_ends(one, domain, typed),
            None => self.silenced(one),
        }
    }

    /// A composite of what is at fault: its ends may be known all the same, and then its method is.
    fn silenced(&mut self, one: &Waiting<'a>) {
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

    /// The domain of a composite, and its paths with their ends.
    fn composed(&mut self, one: &Waiting<'a>) -> Option<(Vec<Space>, Vec<Typed>)> {
        let chain = one.chain;
        let domain = match self.domain_of(chain.factors.first()?) {
            Some(domain) => domain,
            None => self.drawn_domain(one)?,
        };
        let inputs = self.inputs(domain.iter());
        let value = self.run(chain, inputs, None)?;
        Some((domain, value))
    }

    /// The inputs of a composite of this domain.
    pub(in crate::lower) fn inputs<'s>(
        &mut self,
        domain: impl Iterator<Item = &'s Space>,
    ) -> Vec<Typed> {
        let inputs = domain.enumerate().map(|(position, end)| {
            let path = self.output.diagram.paths.intern(Term::Input(position));
            let end = end.clone();
            Typed { path, end }
        });
        inputs.collect()
    }

    /// What a composite starts at by its arrow, where its first morphisms do not tell.
    fn drawn_domain(&mut self, one: &Waiting<'a>) -> Option<Vec<Space>> {
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
    fn followed(&self, one: &Waiting<'a>) -> Option<Vec<MorphismId>> {
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

    /// What a part of a composite starts at, if that is known. Every part was found to be made of morphisms.
    fn domain_of(&self, product: &Product) -> Option<Vec<Space>> {
        let powers = product.powers.iter();
        let domains: Option<Vec<_>> = powers
            .map(|power| self.domain_of_step(&power.step))
            .collect();
        Some(domains?.concat())
    }

    fn domain_of_step(&self, step: &Step) -> Option<Vec<Space>> {
        match &step.kind {
            StepKind::Name(name) => {
                let id = self.names.morphism(name)?;
                let sound = !self.faulty.morphisms.contains(&id);
                sound.then(|| self.output.diagram.morphism(id).domain.clone())
            }
            StepKind::Again(_, chain) => self.domain_of(chain.factors.first()?),
            // Side by side, all are given the same.
            StepKind::Chains(chains) => {
                let mut firsts = chains.iter().filter_map(|chain| chain.factors.first());
                firsts.find_map(|first| self.domain_of(first))
            }
            StepKind::Call(..) | StepKind::Dims(..) => None,
        }
    }

    /// How many factors a part of a composite takes.
    fn width_of_step(&self, step: &Step) -> Option<usize> {
        match &step.kind {
            StepKind::Name(name) if self.names.is_identity(name) => Some(1),
            _ => Some(self.domain_of_step(step)?.len()),
        }
    }

    /// A chain of morphisms on a value. `before` is what stands before it, for messages.
    fn run(
        &mut self,
        chain: &'a Chain,
        value: Vec<Typed>,
        before: Option<&dyn Display>,
    ) -> Option<Vec<Typed>> {
        let mut value = value;
        let mut before = before;
        for product in &chain.factors {
            value = match product.powers.as_slice() {
                [power] => self.run_power(power, &value, before)?,
                several => {
                    let widths = several.iter().map(|power| self.width_of_step(&power.step));
                    let widths: Vec<usize> = widths.collect::<Option<_>>()?;
                    self.split_over(product, &widths, value.len())?;
                    let mut rest = value.into_iter();
                    let mut results = Vec::new();
                    for (power, width) in several.iter().zip(widths) {
                        let given: Vec<_> = rest.by_ref().take(width).collect();
                        results.extend(self.run_power(power, &given, before)?);
                    }
                    results
                }
            };
            before = Some(product);
        }
        Some(value)
    }

    /// Morphisms side by side take as many factors as they have in all.
    fn split_over(&mut self, product: &Product, widths: &[usize], given: usize) -> Option<()> {
        let taken: usize = widths.iter().sum();
        if taken == given {
            return Some(());
        }
        // error: `see * read` takes 2 factors, but is given 1 [D0318]
        let message = format!(
            "`{}` takes {taken} factors, but is given {given}",
            shown(product)
        );
        self.fault(product.place, Fault::new(Code::Factors, message));
        None
    }

    fn run_power(
        &mut self,
        power: &'a Power,
        value: &[Typed],
        before: Option<&dyn Display>,
    ) -> Option<Vec<Typed>> {
        let Some(count) = &power.count else {
            return self.run_step(&power.step, value, before);
        };
        let times = self.times(count)?;
        let mut before = before;
        self.repeated(
            Some(value.to_vec()),
            &times,
            count,
            &mut |lowering, value| {
                let before = before.replace(&power.step);
                lowering.run_step(&power.step, &value?, before)
            },
        )
    }

    fn run_step(
        &mut self,
        step: &'a Step,
        value: &[Typed],
        before: Option<&dyn Display>,
    ) -> Option<Vec<Typed>> {
        match &step.kind {
            StepKind::Name(name) if self.names.is_identity(name) => Some(value.to_vec()),
            StepKind::Name(name) => {
                let id = self.names.morphism(name)?;
                if self.faulty.morphisms.contains(&id) {
                    return None;
                }
                if self.output.diagram.morphism(id).domain.len() != value.len() {
                    let written = before.map(|before| format!("{before} >> {step}"));
                    let ends = ends_of(value);
                    let fault =
                        check::argument_count(&self.output.diagram, id, &ends, written.as_deref());
                    self.fault(step.place, fault);
                    return None;
                }
                let before = before.unwrap_or(step);
                let written = vec![(before, step.place); value.len()];
                self.applied(id, value, &written)
            }
            StepKind::Again(_, chain) => {
                // What it is given is not drawn again, so the chain is a composite of its own.
                let inputs = self.inputs(value.iter().map(|given| &given.end));
                let drawn = self.run(chain, inputs, before)?;
                let drawn = self.drawn_again(drawn, step.place)?.into_iter();
                let given: Vec<_> = value.iter().map(|given| given.path).collect();
                let paths = &mut self.output.diagram.paths;
                let at_given = drawn.map(|Typed { path, end }| Typed {
                    path: paths.substitute(path, &given),
                    end,
                });
                Some(at_given.collect())
            }
            StepKind::Chains(chains) => {
                let chains = chains.iter();
                let results = chains.map(|chain| self.run(chain, value.to_vec(), before));
                let results: Vec<_> = results.collect();
                let results: Option<Vec<_>> = results.into_iter().collect();
                Some(results?.concat())
            }
            StepKind::Call(..) | StepKind::Dims(..) => None,
        }
    }

    fn composite_ends(&mut self, one: &Waiting<'a>, domain: Vec<Space>, typed: Vec<Typed>) {
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
        morphism.definition = Definition::Composite {
            text: shown(one.definition),
            paths,
        };
        let chain = self.followed(one).unwrap_or_default();
        let part = self.output.part(one.id);
        part.known = true;
        part.body = Body::Composite { chain };
    }
}
