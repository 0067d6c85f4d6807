//! Arrows: every one declares its morphism.

use diagram_core::{Code, Definition, Fault, Morphism, MorphismId, Space, check};
use proc_macro2::Ident;

use crate::idents::camel_case;
use crate::lower::header::names::{self, Entity, OWNED, TYPES};
use crate::lower::{Attributes, Body, Lowering, MorphismPart};
use crate::syntax::tree::{ItemKind, Node, bare};

impl<'a> Lowering<'a, '_> {
    /// Every arrow of every chain declares its morphism.
    pub(in crate::lower) fn arrows(&mut self) {
        let tree = self.tree;
        for item in &tree.items {
            let ItemKind::Chain { first, links } = &item.kind else {
                continue;
            };
            let mut left = self.node(first);
            let mut left_node = first;
            for (arrow, node) in links {
                let right = self.node(node);
                let (domain, codomain, end) = if arrow.forward {
                    (left, right.clone(), node)
                } else {
                    (right.clone(), left, left_node)
                };
                let codomain = codomain.filter(|_| !self.ends_nowhere(&arrow.name, end));
                let known = domain.is_some() && codomain.is_some();
                let id = self.morphism(&arrow.name, domain, codomain, &item.attributes, true);
                if !known {
                    self.faulty.morphisms.insert(id);
                }
                (left, left_node) = (right, node);
            }
        }
    }

    /// The spaces of a node's factors; none of `()`.
    fn node(&mut self, node: &Node) -> Option<Vec<Space>> {
        let factors = node.factors.iter();
        // Every factor is looked at, whatever is wrong with another.
        let spaces: Vec<_> = factors
            .map(|(name, dims)| self.spaces().space(name, dims.as_ref()))
            .collect();
        spaces.into_iter().collect()
    }

    /// A morphism gives something.
    fn ends_nowhere(&mut self, arrow: &Ident, end: &Node) -> bool {
        if end.factors.is_empty() {
            self.fault(end.place, check::ends_nowhere(&bare(arrow)));
        }
        end.factors.is_empty()
    }

    pub(in crate::lower) fn morphism(
        &mut self,
        name: &'a Ident,
        domain: Option<Vec<Space>>,
        codomain: Option<Vec<Space>>,
        attributes: Attributes<'a>,
        drawn: bool,
    ) -> MorphismId {
        let id = MorphismId(self.output.diagram.morphisms.len());
        let text = bare(name);
        let stem = camel_case(&text);
        let is_kept = names::kept(&text).is_some();
        let taken = if is_kept {
            None
        } else if OWNED.contains(&text.as_str()) {
            // error: a morphism cannot be called `loss`: what is generated has that name already [D0110]
            Some("what is generated has that name already".to_owned())
        } else if TYPES.contains(&stem.as_str()) {
            // error: a morphism cannot be called `loss_`: the type `ClassifierLoss` is generated already [D0110]
            let ty = format!("{}{stem}", self.output.diagram.name);
            Some(format!("the type `{ty}` is generated already"))
        } else {
            None
        };
        let is_taken = is_kept || taken.is_some();
        if let Some(taken) = taken {
            let message = format!("a morphism cannot be called `{text}`: {taken}");
            let help = format!(
                "choose another name, such as `{}_map`",
                text.trim_matches('_')
            );
            self.fault(
                name.span().into(),
                Fault::new(Code::OwnedName, message).help(help),
            );
        }
        if !self
            .names
            .declare(name, Entity::Morphism(id), &mut self.rules.reports)
            || is_taken
        {
            self.faulty.morphisms.insert(id);
            self.faulty.nameless.insert(id);
        }
        let known = domain.is_some() && codomain.is_some();
        self.output.diagram.morphisms.push(Morphism {
            name: text,
            domain: domain.unwrap_or_default(),
            codomain: codomain.unwrap_or_default(),
            definition: Definition::Layers {
                steps: Vec::new(),
                parameters: false,
            },
            frozen: false,
            adapters: None,
            average: None,
            drawn,
        });
        self.output.morphisms.push(MorphismPart {
            name,
            stem,
            attributes: vec![attributes],
            known,
            body: Body::Unknown,
        });
        id
    }
}
