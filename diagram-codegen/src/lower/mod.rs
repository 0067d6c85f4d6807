//! From the tree as written to a checked [`Diagram`], with the code of its parts.
//!
//! Names are resolved, shapes computed, and every typing rule of `diagram_core::check` is asked; what
//! is at fault silences what depends on it. Declarations may stand in any order, so the passes are:
//! the header, the facts, the objects and data, the arrows, the definitions, the cells, and the rules about the
//! whole.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use diagram_core::check::StandIns;
use diagram_core::{Diagram, Fault, MorphismId, ObjectId};
use diagram_layers::indices;

use crate::diagnostic::Diagnostics;
use crate::place::Place;
use crate::scope::Scope;
use crate::syntax::tree::{self, Rust, bare};

mod as_int;
mod cells;
mod definitions;
pub(crate) mod header;
mod output;
mod paths;
mod reports;
mod rules;
mod whole;

use cells::learned::LearnedScalars;
pub(crate) use definitions::chain::shapes::{LayerSite, layer_at};
use definitions::defining::Defining;
use header::generics::{slots, types_are_named};
use header::hypers::header;
use header::names::Names;
pub use header::names::OWNED;
use header::spaces::SpaceTyping;
pub use output::{Attributes, Body, CellPart, DatumPart, Function, Measured, MorphismPart};
use output::{Faulty, Output};
use paths::PathTyping;
pub use rules::Assertion;
use rules::{Rules, Trial};
use whole::whole;

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

/// All that the passes borrow from. A pass takes the parts that it needs; only those that declare names, or go
/// through the items of the tree, are methods of the whole.
struct Lowering<'a, 'd> {
    tree: &'a tree::Diagram,
    /// What each name stands for.
    names: Names,
    /// The scope of dims, what was said, and what rustc is to check.
    rules: Rules<'d>,
    /// The diagram and the parts of it.
    output: Output<'a>,
    /// What depends on these is silent.
    faulty: Faulty,
    /// What paths to an object are compared by, where a cell names no loss.
    default_losses: HashMap<ObjectId, &'a tree::Loss>,
    learned: LearnedScalars,
    /// What may stand in place of an argument.
    stand_ins: OnceCell<StandIns>,
}

/// Lowers one diagram; faults go to `diagnostics`.
pub fn lower<'a>(tree: &'a tree::Diagram, diagnostics: &mut Diagnostics) -> Lowered<'a> {
    lower_with(tree, diagnostics, None)
}

fn lower_with<'a>(
    tree: &'a tree::Diagram,
    diagnostics: &mut Diagnostics,
    trial: Option<Trial>,
) -> Lowered<'a> {
    let mut names = Names::default();
    let mut rules = Rules::new(tree, diagnostics, trial);
    let mut diagram = Diagram {
        name: bare(&tree.name),
        documentation: first_paragraph(&tree.attributes),
        ..Diagram::default()
    };
    rules.reports.attributes();
    header(tree, &mut names, &mut rules, &mut diagram);
    rules.reports.unsupported();
    rules.facts();
    diagram.facts.clone_from(&rules.scope.facts);
    let mut lowering = Lowering {
        tree,
        names,
        rules,
        output: Output::of(diagram),
        faulty: Faulty::default(),
        default_losses: HashMap::new(),
        learned: LearnedScalars::default(),
        stand_ins: OnceCell::new(),
    };
    lowering.objects();
    lowering.arrows();
    lowering.definitions();
    slots(&mut lowering.output, &mut lowering.rules);
    lowering.cells();
    lowering.say_what_is_int();
    let Lowering {
        names,
        mut rules,
        mut output,
        faulty,
        learned,
        ..
    } = lowering;
    output.diagram.learned = learned.scalars;
    // Asked when every path is known.
    let embedded = indices::vectors(&output.diagram);
    output.diagram.index_ranges.extend(embedded);
    types_are_named(tree, &output, &mut rules);
    rules.constants(&mut output.diagram);
    whole(&names, &output, &mut rules.reports);
    Lowered {
        tree,
        diagram: output.diagram,
        scope: rules.scope,
        data: output.data,
        morphisms: output.morphisms,
        cells: output.cells,
        assertions: rules.asserted.assertions,
        nameless: faulty.nameless,
    }
}

impl<'a, 'd> Lowering<'a, 'd> {
    fn fault(&mut self, place: Place, fault: Fault) {
        self.rules.fault(place, fault);
    }

    fn spaces(&mut self) -> SpaceTyping<'_, 'd> {
        SpaceTyping {
            names: &self.names,
            diagram: &self.output.diagram,
            rules: &mut self.rules,
        }
    }

    fn defining(&mut self) -> Defining<'_, 'a, 'd> {
        Defining {
            names: &self.names,
            rules: &mut self.rules,
            output: &mut self.output,
            faulty: &mut self.faulty,
        }
    }

    fn paths(&mut self) -> PathTyping<'_, 'd> {
        PathTyping {
            names: &self.names,
            faulty: &self.faulty,
            diagram: &mut self.output.diagram,
            learned: &mut self.learned,
            rules: &mut self.rules,
            stand_ins: &self.stand_ins,
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
