//! Composites of the diagram's own morphisms, each after those it is made of.

use std::collections::{HashMap, HashSet, VecDeque};

use diagram_core::{Code, Definition, Fault, MorphismId, Space, Term};
use proc_macro2::Ident;

use super::paths::Typed;
use super::{Body, Lowering};
use crate::syntax::tree::{self, bare, shown};

/// A composite that waits for the composites it is made of.
pub(super) struct Waiting<'a> {
    pub(super) id: MorphismId,
    pub(super) parts: Vec<&'a Ident>,
    pub(super) definition: &'a tree::Definition,
}

impl<'a> Lowering<'a, '_> {
    /// Composites, each after those it is made of; what is left waits for itself.
    pub(super) fn composites(&mut self, waiting: &[Waiting<'a>]) {
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
    fn composed(&mut self, parts: &[&'a Ident]) -> Option<(Space, Typed)> {
        let ids: Vec<_> = parts.iter().map(|part| self.known(part)).collect();
        let first = ids.first().copied().flatten()?;
        let [domain] = self.diagram.morphism(first).domain.as_slice() else {
            return None;
        };
        let domain = domain.clone();
        let path = self.diagram.paths.intern(Term::Input(0));
        let end = domain.clone();
        let mut value = Typed { path, end };
        for (position, (id, part)) in ids.into_iter().zip(parts).enumerate() {
            let id = id.filter(|id| !self.faulty_morphisms.contains(id))?;
            let before = position
                .checked_sub(1)
                .map_or(part, |before| &parts[before]);
            value = self.applied(id, &[value], &[(before, part.span().into())])?;
        }
        Some((domain, value))
    }

    /// Whether an arrow goes between these spaces.
    fn drawn_as(&self, id: MorphismId, domain: &Space, codomain: &Space) -> bool {
        let same = |drawn: &[Space], found| matches!(drawn, [drawn] if self.diagram.same_space(drawn, found));
        let morphism = self.diagram.morphism(id);
        same(&morphism.domain, domain) && same(&morphism.codomain, codomain)
    }

    fn composite_ends(&mut self, one: &Waiting<'a>, domain: Space, typed: Typed) {
        let morphism = self.diagram.morphism(one.id);
        if morphism.drawn && !self.drawn_as(one.id, &domain, &typed.end) {
            let name = morphism.name.clone();
            let drawn = self.diagram.arrow(morphism);
            // error: `model` is drawn as `Image --model--> Latent`, but its definition goes from `Image` to `Logits` [D0401]
            let fault = Fault::new(
                Code::NotComposable,
                format!(
                    "`{name}` is drawn as `{drawn}`, but its definition goes from `{}` to `{}`",
                    self.diagram.space(&domain),
                    self.diagram.space(&typed.end)
                ),
            );
            self.fault(one.definition.place, fault);
            self.faulty_morphisms.insert(one.id);
            return;
        }
        let morphism = &mut self.diagram.morphisms[one.id.0];
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
}
