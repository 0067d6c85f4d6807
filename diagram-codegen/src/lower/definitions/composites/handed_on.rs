//! A morphism of a composite lacks an argument: the composite that hands it on.

use diagram_core::spelling::raw;
use diagram_core::{Code, MorphismId, check};

use super::Waiting;
use crate::lower::paths::PathTyping;
use crate::syntax::tree::{Product, StepKind};

impl PathTyping<'_, '_> {
    /// Where a morphism of a composite is given too little by what stands before it, the help draws the composite
    /// from what is missing, too.
    pub(super) fn say_what_to_hand_on(&mut self, before: usize, one: &Waiting<'_>) {
        let mut found = self
            .rules
            .reports
            .diagnostics
            .faults()
            .iter()
            .enumerate()
            .skip(before);
        let found = found.find(|(_, (_, fault))| fault.code == Code::ArgumentCount);
        let help = found.and_then(|(index, (place, _))| {
            let at = |product: &Product| {
                product.place.start.start() == place.start.start()
                    && product.place.end.end() == place.end.end()
            };
            let step = one.chain.factors.iter().position(at)?;
            Some((index, self.handing_on(one, step)?))
        });
        if let Some((index, help)) = help
            && let Some((_, fault)) = self
                .rules
                .reports
                .diagnostics
                .faults_after(index)
                .first_mut()
        {
            fault.help.get_or_insert(help);
        }
    }

    // help: draw `Image * Question --model--> Answer;` and write `model = see * identity >> answer;`
    fn handing_on(&self, one: &Waiting<'_>, step: usize) -> Option<String> {
        let diagram = &*self.diagram;
        let (head, rest) = one.chain.factors.split_at_checked(step)?;
        let (last, lacking) = (
            diagram.morphism(self.alone_in(head.last()?)?),
            self.alone_in(rest.first()?)?,
        );
        let [_] = last.codomain.as_slice() else {
            return None;
        };
        let taken = &diagram.morphism(lacking).domain;
        let places = check::places(taken, &last.codomain)?;
        let joined = |products: &[Product]| {
            let texts: Vec<_> = products.iter().map(ToString::to_string).collect();
            texts.join(" >> ")
        };
        let before = match head {
            [product] if product.powers.len() == 1 => joined(head),
            _ => format!("({})", joined(head)),
        };
        let domain = diagram.product(&self.domain_of(head.first()?)?);
        let handed_on = places.iter().zip(taken).map(|(place, space)| match place {
            Some(_) => (domain.clone(), before.as_str()),
            None => (diagram.space(space), "identity"),
        });
        let (from, steps): (Vec<_>, Vec<_>) = handed_on.unzip();
        let morphism = diagram.morphism(one.id);
        let to = if morphism.drawn {
            &morphism.codomain
        } else {
            &diagram.morphism(self.alone_in(rest.last()?)?).codomain
        };
        let (from, to, name) = (from.join(" * "), diagram.product(to), raw(&morphism.name));
        let (steps, rest) = (steps.join(" * "), joined(rest));
        Some(format!(
            "draw `{from} --{name}--> {to};` and write `{name} = {steps} >> {rest};`"
        ))
    }

    /// The morphism that is all of a part of a chain.
    fn alone_in(&self, product: &Product) -> Option<MorphismId> {
        match product.powers.as_slice() {
            [power] if power.count.is_none() => match &power.step.kind {
                StepKind::Name(name) => self.names.morphism(name),
                _ => None,
            },
            _ => None,
        }
    }
}
