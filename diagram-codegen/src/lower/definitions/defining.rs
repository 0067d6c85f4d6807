//! What a morphism is made of, and by which module.

use diagram_core::{Code, Definition, Fault, MorphismId, check};
use proc_macro2::Ident;

use crate::lower::definitions::chain::ChainTyping;
use crate::lower::header::generics::type_parameter;
use crate::lower::header::names::{Entity, Names};
use crate::lower::output::{Body, Faulty, Function, Output};
use crate::lower::rules::Rules;
use crate::place::Place;
use crate::syntax::tree::{self, Chain, DefinitionKind, StepKind, bare, shown};

/// What morphisms are defined with. Every name is declared, and no path is typed.
pub(in crate::lower) struct Defining<'p, 'a, 'd> {
    pub(in crate::lower) names: &'p Names,
    pub(in crate::lower) rules: &'p mut Rules<'d>,
    pub(in crate::lower) output: &'p mut Output<'a>,
    pub(in crate::lower) faulty: &'p mut Faulty,
}

impl<'a> Defining<'_, 'a, '_> {
    pub(in crate::lower) fn fault(&mut self, place: Place, fault: Fault) {
        self.rules.fault(place, fault);
    }

    /// A definition that is no composite.
    pub(in crate::lower) fn define(&mut self, id: MorphismId, definition: &'a tree::Definition) {
        self.output.diagram.morphisms[id.0].frozen = definition.frozen.is_some();
        let place = definition.place;
        match &definition.kind {
            DefinitionKind::Chain(chain) if is_parameter(chain) => {
                self.parameter(id, &[], place);
            }
            DefinitionKind::Chain(chain) => {
                let (names, diagram) = (self.names, &self.output.diagram);
                let faulty = &mut *self.faulty;
                let made = self.rules.together(|rules| {
                    let mut typing = ChainTyping {
                        names,
                        diagram,
                        faulty,
                        rules,
                    };
                    typing.layers(id, chain)
                });
                if let Some(made) = made {
                    self.output.define(id, made, Body::Layers);
                }
            }
            DefinitionKind::Slot => self.output.slot(id, None),
            DefinitionKind::Module { ty, config } => {
                let parameter =
                    type_parameter(self.rules.reports.tree, ty).filter(|_| config.is_none());
                if parameter.is_some() {
                    return self.output.slot(id, parameter);
                }
                let module = Definition::Module {
                    ty: ty.text().into(),
                    config: config.as_ref().map(|config| config.text().into()),
                };
                let body = Body::Module {
                    ty: &ty.0,
                    config: config.as_ref().map(|config| &config.0),
                };
                self.output.define(id, module, body);
            }
            DefinitionKind::Function(path) => {
                self.function(id, definition, Function::Named(&path.0));
            }
            DefinitionKind::Closure(closure) => {
                self.function(id, definition, Function::Closure(&closure.0));
            }
            // Methods wait for their modules, as averages do.
            DefinitionKind::Method { .. } => {}
            DefinitionKind::Special { arguments, .. } => self.parameter(id, arguments, place),
            DefinitionKind::Adapted { .. } => self.adapted_inside(id, place),
        }
    }

    /// A function or a closure. It has no weights, and its draws are in training and validation alike.
    fn function(
        &mut self,
        id: MorphismId,
        definition: &'a tree::Definition,
        function: Function<'a>,
    ) {
        let name = &self.output.diagram.morphism(id).name;
        if let Some(frozen) = definition.frozen {
            // error: `frozen` cannot stand before a function: `crop` has no weights [D0410]
            let message =
                format!("`frozen` cannot stand before a function: `{name}` has no weights");
            self.fault(frozen, Fault::new(Code::FrozenComposite, message));
        }
        let text = shown(definition).into();
        self.output
            .define(id, Definition::Function(text), Body::Function(function));
    }

    /// The morphism that an item speaks of.
    pub(in crate::lower) fn morphism_named(&mut self, name: &Ident) -> Option<MorphismId> {
        let text = bare(name);
        match self.names.get(&text) {
            Some(Entity::Morphism(id)) => return Some(id),
            Some(other) => {
                let fault = other.instead_of(Code::UnknownMorphism, &text, "a morphism");
                self.fault(name.span().into(), fault);
            }
            None => {
                let morphisms = self.names.morphisms();
                let fault = check::not_found(Code::UnknownMorphism, "morphism", &text, morphisms);
                self.rules.reports.absent(name, fault);
            }
        }
        None
    }
}

/// The word `parameter` alone.
fn is_parameter(chain: &Chain) -> bool {
    let [product] = chain.factors.as_slice() else {
        return false;
    };
    match product.powers.as_slice() {
        [one] if one.count.is_none() => {
            matches!(&one.step.kind, StepKind::Name(name) if name == "parameter")
        }
        _ => false,
    }
}
