//! From the tree as written to a checked [`Diagram`], with the code of its parts.
//!
//! Names are resolved, shapes computed, and every typing rule of `diagram_core::check` is asked; what
//! is at fault silences what depends on it. Declarations may stand in any order, so the passes are:
//! the header, the facts, the objects and data, the arrows, the definitions, the cells, and the rules about the
//! whole.

use std::collections::{HashMap, HashSet};

use diagram_core::{Code, Diagram, Fault, Hyper, MorphismId, ObjectId, Snippet};
use diagram_layers::indices;

use crate::diagnostic::Diagnostics;
use crate::place::Place;
use crate::scope::{Scope, ScopedHyper, hyper_type};
use crate::syntax::tree::{self, ItemKind, Rust, bare};

mod cells;
mod definitions;
pub(crate) mod header;
mod output;
mod paths;
mod reports;
mod rules;
mod whole;

use cells::learned::LearnedScalars;
pub(crate) use definitions::chain::{LayerSite, layer_at};
pub use header::names::OWNED;
use header::names::{Entity, Names, is_kept};
pub use output::{Attributes, Body, CellPart, DatumPart, Function, Measured, MorphismPart};
use output::{Faulty, Output};
use paths::PathTyping;
pub use rules::Assertion;
use rules::Rules;

/// A diagram with the code of its parts. The lists of parts run in step with the diagram's.
pub struct Lowered<'a> {
    /// The tree it was lowered from.
    pub tree: &'a tree::Diagram,
    /// What it means; where something is at fault, as much as is known.
    pub diagram: Diagram,
    /// Hyper-parameters and dynamic dims.
    pub scope: Scope,
    /// One a datum.
    pub data: Vec<DatumPart<'a>>,
    /// One a morphism.
    pub morphisms: Vec<MorphismPart<'a>>,
    /// One a cell, faulty ones included.
    pub cells: Vec<CellPart<'a>>,
    /// What rustc is to check, in source order; of those together, each depends on those before it.
    pub assertions: Vec<Vec<Assertion>>,
    /// Morphisms at fault that get no items: their name is another's, or their ends are not known.
    pub nameless: HashSet<MorphismId>,
}

/// What the passes borrow parts of.
struct Lowering<'a, 'd> {
    tree: &'a tree::Diagram,
    names: Names,
    rules: Rules<'d>,
    output: Output<'a>,
    faulty: Faulty,
    /// What paths to an object are compared by, where a cell names no loss.
    default_losses: HashMap<ObjectId, &'a tree::Loss>,
    learned: LearnedScalars,
}

/// Lowers one diagram; faults go to `diagnostics`.
pub fn lower<'a>(tree: &'a tree::Diagram, diagnostics: &mut Diagnostics) -> Lowered<'a> {
    let mut lowering = Lowering {
        tree,
        names: Names::default(),
        rules: Rules::new(tree, diagnostics),
        output: Output {
            diagram: Diagram {
                name: bare(&tree.name),
                documentation: first_paragraph(&tree.attributes),
                ..Diagram::default()
            },
            ..Output::default()
        },
        faulty: Faulty::default(),
        default_losses: HashMap::new(),
        learned: LearnedScalars::default(),
    };
    lowering.rules.reports.attributes();
    lowering.header();
    lowering.unsupported();
    lowering.facts();
    lowering
        .output
        .diagram
        .facts
        .clone_from(&lowering.rules.scope.facts);
    lowering.objects();
    lowering.arrows();
    lowering.definitions();
    lowering.slots();
    lowering.cells();
    // Asked when every path is known.
    let diagram = &mut lowering.output.diagram;
    let embedded = indices::vectors(diagram);
    diagram.index_ranges.extend(embedded);
    lowering.types_are_named();
    lowering.rules.constants(&mut lowering.output.diagram);
    lowering.whole();
    let Output {
        mut diagram,
        data,
        morphisms,
        cells,
    } = lowering.output;
    diagram.learned = lowering.learned.scalars;
    Lowered {
        tree,
        diagram,
        scope: lowering.rules.scope,
        data,
        morphisms,
        cells,
        assertions: lowering.rules.asserted.assertions,
        nameless: lowering.faulty.nameless,
    }
}

impl<'d> Lowering<'_, 'd> {
    fn fault(&mut self, place: Place, fault: Fault) {
        self.rules.fault(place, fault);
    }

    fn paths(&mut self) -> PathTyping<'_, 'd> {
        PathTyping {
            names: &self.names,
            faulty: &self.faulty,
            diagram: &mut self.output.diagram,
            learned: &mut self.learned,
            rules: &mut self.rules,
        }
    }

    /// Generics, hyper-parameters and dynamic dims.
    fn header(&mut self) {
        is_kept(&self.tree.name, &mut self.rules.reports);
        self.generics();
        for hyper in &self.tree.hypers {
            let name = bare(&hyper.name);
            let field = match name.as_str() {
                "weights" => Some("the cells' weights"),
                "decays" => Some("the averages' decays"),
                _ => None,
            };
            if let Some(field) = field {
                // error: a hyper-parameter cannot be called `weights`: the configuration keeps that name for the
                // cells' weights [D0110]
                let message = format!(
                    "a hyper-parameter cannot be called `{name}`: the configuration keeps that name for \
                     {field}"
                );
                let fault = Fault::new(Code::OwnedName, message);
                self.fault(Place::of(hyper.name.span()), fault);
            }
            if !self
                .names
                .declare(&hyper.name, Entity::Hyper, &mut self.rules.reports)
            {
                continue;
            }
            self.rules.scope.hypers.push(ScopedHyper {
                name: name.clone(),
                ty: hyper_type(&hyper.ty),
            });
            if field.is_some() {
                continue;
            }
            self.output.diagram.hypers.push(Hyper {
                name,
                ty: hyper_type(&hyper.ty),
                default: hyper
                    .default
                    .as_ref()
                    .map(|value| Snippet::from(value.text())),
            });
        }
        self.rules.scope.lost.clone_from(&self.rules.reports.lost);
        for item in &self.tree.items {
            let ItemKind::Dynamics(dynamics) = &item.kind else {
                continue;
            };
            for name in dynamics {
                if self
                    .names
                    .declare(name, Entity::Dynamic, &mut self.rules.reports)
                {
                    self.rules.scope.dynamics.push(bare(name));
                    self.output.diagram.dynamics.push(bare(name));
                }
            }
        }
    }
}

/// The first paragraph of doc comments, as one line.
fn first_paragraph(attributes: &[Rust<syn::Attribute>]) -> String {
    let lines = attributes.iter().filter_map(|attribute| {
        let syn::Meta::NameValue(meta) = &attribute.0.meta else {
            return None;
        };
        let syn::Expr::Lit(literal) = &meta.value else {
            return None;
        };
        match &literal.lit {
            syn::Lit::Str(text) if meta.path.is_ident("doc") => Some(text.value()),
            _ => None,
        }
    });
    let text: Vec<_> = lines.map(|line| line.trim().to_owned()).collect();
    let paragraph: Vec<_> = text
        .into_iter()
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}
