//! A layer lacks a tensor: the arrow that would give it.

use diagram_core::dim::Comparison;
use diagram_core::spelling::raw;
use diagram_core::{Detail, Dim, Kind, Missing, MorphismId, Object};

use super::advice::start;
use super::{ChainTyping, SourceKind, SourceStep, joined};
use crate::idents::camel_case;

impl<'a> ChainTyping<'_, '_> {
    /// Where a layer of a chain lacks a tensor, the help draws the arrow from one more object.
    pub(super) fn say_what_to_draw(
        &mut self,
        before: usize,
        id: MorphismId,
        written: &[SourceStep<'a>],
    ) {
        let found = self.rules.reports.diagnostics.faults().iter().skip(before);
        let helps = found.map(|(at, fault)| {
            let Detail::Missing(missing) = fault.detail.as_deref()? else {
                return None;
            };
            let step = written.iter().position(|step| {
                matches!(step.kind, SourceKind::Layer(..)) && start(step.place) == start(*at)
            });
            self.arrow_with(id, missing, written.split_at_checked(step?)?)
        });
        let helps: Vec<_> = helps.collect();
        for ((_, fault), help) in self
            .rules
            .reports
            .diagnostics
            .faults_after(before)
            .iter_mut()
            .zip(helps)
        {
            fault.help = fault.help.take().or(help);
        }
    }

    /// The arrow of a morphism from one more object, which is handed on by the layers before the one that lacks it.
    // help: draw `Target * Memory --decode--> Target;`
    // help: declare `data HiddenState: [batch, 64];` and draw `Words * Hidden * HiddenState --speak--> Next;`
    // help: draw `Target * Memory --decode--> Next;` and write `decode = relu * identity >> …;`
    fn arrow_with(
        &self,
        id: MorphismId,
        missing: &Missing,
        (before, layers): (&[SourceStep<'a>], &[SourceStep<'a>]),
    ) -> Option<String> {
        let morphism = self.diagram.morphism(id);
        let (from, to) = (&morphism.domain, &morphism.codomain);
        let handed_on = match before {
            [] => None,
            [step] => Some(step.text.clone()),
            steps => Some(format!("({})", joined(steps))),
        };
        if handed_on.is_some() && from.len() != 1 {
            return None;
        }
        let mut objects = self.diagram.objects.iter().enumerate();
        let further = objects.find(|(index, object)| {
            let mut ends = from.iter().chain(to);
            self.fits(missing, object) && ends.all(|end| end.object.0 != *index)
        });
        let (declared, further) = match further {
            Some((_, object)) => (String::new(), object.name.clone()),
            None => {
                let name = camel_case(&missing.name.replace(' ', "_"));
                let names = [format!("Given{name}"), name];
                let free = |name: &&String| self.names.get(name).is_none();
                let name = names.iter().rev().find(free)?;
                let declared = format!("declare `data {name}: {};` and ", missing.example);
                (declared, name.clone())
            }
        };
        let name = raw(&morphism.name);
        let (from, to) = (self.diagram.product(from), self.diagram.product(to));
        let arrow = format!("{declared}draw `{from} * {further} --{name}--> {to};`");
        Some(match handed_on {
            None => arrow,
            Some(before) => format!(
                "{arrow} and write `{name} = {before} * identity >> {};`",
                joined(layers)
            ),
        })
    }

    /// Whether an object has the shape of what is missing.
    fn fits(&self, missing: &Missing, object: &Object) -> bool {
        let equal = |(known, dim): (&Option<Dim>, &Dim)| {
            let compared = known
                .as_ref()
                .map(|known| self.rules.scope.facts.compare(known, dim));
            compared.is_none_or(|compared| compared == Comparison::Equal)
        };
        let (dims, shape) = (&missing.dims, &object.shape);
        shape.kind == Kind::Float
            && shape.rank() == dims.len()
            && dims.iter().zip(&shape.dims).all(equal)
    }
}
