//! Arrows: every one declares its morphism.

use diagram_core::{Code, Definition, Fault, Morphism, MorphismId, Space};
use proc_macro2::Ident;

use super::names::{Entity, OWNED};
use super::unsupported::not_yet;
use super::{Attributes, Body, Lowering, MorphismPart};
use crate::syntax::tree::{ItemKind, Node, bare};

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
                    (left, right.clone())
                } else {
                    (right.clone(), left)
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

    /// The space of a node. Products have no meaning yet.
    fn node(&mut self, node: &Node) -> Option<Space> {
        match node.factors.as_slice() {
            [(name, dims)] => self.space(name, dims.as_ref()),
            _ => {
                self.fault(node.place, not_yet(&format!("the product `{node}`")));
                None
            }
        }
    }

    pub(super) fn morphism(
        &mut self,
        name: &'a Ident,
        domain: Option<Space>,
        codomain: Option<Space>,
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
}
