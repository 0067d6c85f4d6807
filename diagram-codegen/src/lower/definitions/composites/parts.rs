//! Which chains are made of morphisms.

use std::collections::HashSet;

use diagram_layers::layers;
use proc_macro2::Ident;

use crate::lower::header::names::{Entity, Names};
use crate::syntax::tree::{self, Chain, DefinitionKind, StepKind, bare};

impl Names {
    /// The morphisms of a chain that is made of nothing else: a composite.
    pub(in crate::lower) fn composite_parts<'a>(
        &self,
        definition: &'a tree::Definition,
        defined: &HashSet<String>,
    ) -> Option<(&'a Chain, Vec<&'a Ident>)> {
        let DefinitionKind::Chain(chain) = &definition.kind else {
            return None;
        };
        let mut names = Vec::new();
        let made_of_names = self.names_of(chain, defined, &mut names);
        // One name of another morphism tells that the others are meant as morphisms, too.
        let known = |name: &&Ident| {
            let name = bare(name);
            matches!(self.get(&name), Some(Entity::Morphism(_))) || defined.contains(&name)
        };
        let meant = || {
            names.iter().any(known)
                || names
                    .iter()
                    .all(|name| self.nearest_morphism(name).is_some())
        };
        (made_of_names && meant()).then_some((chain, names))
    }

    /// Whether a chain is made of names that are no layers', but for `identity`; they are added.
    fn names_of<'a>(
        &self,
        chain: &'a Chain,
        defined: &HashSet<String>,
        names: &mut Vec<&'a Ident>,
    ) -> bool {
        let mut powers = chain.factors.iter().flat_map(|product| &product.powers);
        powers.all(|power| match &power.step.kind {
            StepKind::Name(name) if self.is_identity(name) => true,
            StepKind::Name(name) => {
                names.push(name);
                let text = bare(name);
                match self.get(&text) {
                    Some(Entity::Morphism(_)) => true,
                    _ if defined.contains(&text) => true,
                    _ if layers::is_known(&text) || text == "parameter" => false,
                    Some(_) => true,
                    None => {
                        self.nearest_morphism(name).is_some()
                            || layers::spelling::meant(&text).is_none()
                    }
                }
            }
            StepKind::Again(_, chain) => self.names_of(chain, defined, names),
            StepKind::Chains(chains) => {
                let mut chains = chains.iter();
                chains.all(|chain| self.names_of(chain, defined, names))
            }
            StepKind::Call(..) | StepKind::Dims(..) => false,
        })
    }
}
