//! Morphisms that are drawn without a definition, or defined without an arrow.

use std::collections::HashSet;

use diagram_core::dim::Comparison;
use diagram_core::fault::nearest;
use diagram_core::spelling::raw;
use diagram_core::{Code, Fault, Kind, MorphismId, Shape};
use proc_macro2::Ident;

use crate::lower::definitions::defining::Defining;
use crate::syntax::tree::bare;

impl Defining<'_, '_, '_> {
    /// error: `encodr` is defined and never drawn [D0109]
    ///
    /// `like` has the ends that it is to have. Returned is the drawn morphism that is meant, most likely: it
    /// lacks its definition for the same reason.
    pub(in crate::lower) fn never_drawn(
        &mut self,
        name: &Ident,
        defined: &HashSet<String>,
        like: Option<MorphismId>,
    ) -> Option<String> {
        let text = bare(name);
        let undefined = self.names.morphisms();
        let undefined = undefined.filter(|name| !defined.contains(*name));
        let near = nearest(&text, undefined).map(str::to_owned);
        let help = match &near {
            // Its arrow may be in what could not be read.
            _ if self.rules.reports.lost.contains(&text) => return None,
            Some(near) => format!("`{near}` is drawn and has no definition: is it this one?"),
            None if self.rules.reports.unreadable => return None,
            None => match like.map(|like| self.output.diagram.morphism(like)) {
                Some(like) if like.drawn => {
                    let domain = self.output.diagram.product(&like.domain);
                    let codomain = self.output.diagram.product(&like.codomain);
                    let arrow = format!("{domain} --{name}--> {codomain};");
                    format!("draw it as `{}` is: `{arrow}`", like.name)
                }
                _ => self.arrow_like(name),
            },
        };
        let message = format!("`{text}` is defined and never drawn");
        let fault = Fault::new(Code::NeverDrawn, message).help(help);
        self.fault(name.span().into(), fault);
        near
    }

    /// An arrow between objects of the diagram.
    fn arrow_like(&self, name: &Ident) -> String {
        let objects = &self.output.diagram.objects;
        let first = self
            .output
            .diagram
            .data
            .first()
            .map(|datum| datum.space.object);
        let first = first
            .map(|object| self.output.diagram.object(object))
            .or(objects.first());
        match (first, objects.last()) {
            (Some(domain), Some(codomain)) => {
                let (domain, codomain) = (&domain.name, &codomain.name);
                format!("draw it between its ends, as in `{domain} --{name}--> {codomain};`")
            }
            _ => format!("draw it between two objects, with `--{name}-->`"),
        }
    }

    /// error: `encoder` is drawn and never defined [D0108]
    ///
    /// Those that a definition claims by a similar name are named there.
    pub(in crate::lower) fn never_defined(
        &mut self,
        done: &HashSet<MorphismId>,
        claimed: &HashSet<String>,
    ) {
        for index in 0..self.output.diagram.morphisms.len() {
            let id = MorphismId(index);
            if done.contains(&id) || self.faulty.nameless.contains(&id) {
                continue;
            }
            let text = self.output.diagram.morphism(id).name.clone();
            // Its definition may be in what could not be read.
            let said = claimed.contains(&text)
                || self.rules.reports.lost.contains(&text)
                || self.rules.reports.unreadable;
            if !said {
                let help = match self.definition_like(id) {
                    Some(layers) => format!(
                        "define it, by layers, `{} = {layers};`, or by a module of your own",
                        raw(&text)
                    ),
                    None => "define it, by layers or by a module of your own".to_owned(),
                };
                let message = format!("`{text}` is drawn and never defined");
                let fault = Fault::new(Code::NeverDefined, message).help(help);
                self.fault(self.output.morphisms[index].name.span().into(), fault);
            }
            self.faulty.morphisms.insert(id);
        }
    }

    /// Layers that go from one end of a morphism to the other, where a `linear` does.
    fn definition_like(&self, id: MorphismId) -> Option<&'static str> {
        let morphism = self.output.diagram.morphism(id);
        let ([domain], [codomain]) = (&morphism.domain[..], &morphism.codomain[..]) else {
            return None;
        };
        if !self.faulty.sound(domain.object) || !self.faulty.sound(codomain.object) {
            return None;
        }
        let (from, to) = (
            self.output.diagram.shape(domain),
            self.output.diagram.shape(codomain),
        );
        let floats = from.kind == Kind::Float && to.kind == Kind::Float;
        let ends = |shape: &Shape| shape.rank().checked_sub(1);
        let (Some(last), Some(axes)) = (ends(&to), ends(&from)) else {
            return None;
        };
        let flat = axes > 1 && last == 1;
        let kept = if flat { 1 } else { axes };
        let sized = |shape: &Shape, from: usize| {
            let mut dims = shape.dims.iter().skip(from);
            dims.all(|dim| self.rules.scope.dynamic_in(dim).is_none())
        };
        let mut pairs = from.dims.iter().zip(&to.dims).take(kept);
        let facts = &self.rules.scope.facts;
        let same = pairs.all(|(from, to)| facts.compare(from, to) == Comparison::Equal);
        let fits = floats && same && last >= 1 && sized(&from, kept) && sized(&to, last);
        match fits {
            true if flat => Some("flatten >> linear"),
            true if last == axes => Some("linear"),
            _ => None,
        }
    }
}
