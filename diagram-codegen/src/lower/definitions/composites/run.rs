//! A chain of morphisms on a value.

use std::fmt::Display;

use diagram_core::{Code, Fault, Space, check};

use crate::lower::paths::{PathTyping, Typed, ends_of};
use crate::syntax::tree::{Chain, Power, Product, Step, StepKind, shown};

impl<'a> PathTyping<'_, '_> {
    /// What a part of a composite starts at, if that is known. Every part was found to be made of morphisms.
    pub(super) fn domain_of(&self, product: &Product) -> Option<Vec<Space>> {
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
                sound.then(|| self.diagram.morphism(id).domain.clone())
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
    pub(super) fn run(
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
        self.repeated(Some(value.to_vec()), &times, count, &mut |typing, value| {
            let before = before.replace(&power.step);
            typing.run_step(&power.step, &value?, before)
        })
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
                if self.diagram.morphism(id).domain.len() != value.len() {
                    let written = before.map(|before| shown(&format!("{before} >> {step}")));
                    let ends = ends_of(value);
                    let fault = check::argument_count(self.diagram, id, &ends, written.as_deref());
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
                let paths = &mut self.diagram.paths;
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
}
