//! From the tree as written to a checked [`Diagram`], with the code of its parts.
//!
//! Names are resolved, shapes computed, and every typing rule of `diagram_core::check` is asked; what
//! is at fault silences what depends on it. Declarations may stand in any order, so the passes are:
//! the header, the facts, the objects and data, the arrows, the definitions, the cells, and the rules about the
//! whole.

use std::collections::{HashMap, HashSet};

use diagram_core::{
    CellRole, Code, Diagram, Fault, Hyper, MorphismId, ObjectId, Shape, Snippet, Weight, check,
};
use diagram_layers::{indices, losses};
use proc_macro2::Ident;

use crate::diagnostic::Diagnostics;
use crate::place::Place;
use crate::scope::{Scope, ScopedHyper, hyper_type};
use crate::syntax::tree::{self, ItemKind, Rust, bare};

mod cells;
mod definitions;
pub(crate) mod header;
mod paths;
mod whole;

use cells::learned::LearnedNames;
pub(crate) use definitions::chain::{LayerSite, layer_at};
use header::constants::Assertion;
pub use header::names::OWNED;
use header::names::{self, Entity, Names};

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

/// Doc comments and other attributes of an item.
pub type Attributes<'a> = &'a [Rust<syn::Attribute>];

/// What the code of a datum needs besides its shape.
pub struct DatumPart<'a> {
    /// Where it is declared.
    pub name: &'a Ident,
    /// What stands above it.
    pub attributes: Attributes<'a>,
}

/// What the code of a morphism needs besides its ends.
pub struct MorphismPart<'a> {
    /// Where it is drawn, or defined if it has no arrow.
    pub name: &'a Ident,
    /// What the names of its type and of its variant end in: its own name in upper camel case.
    pub stem: String,
    /// What stands above its arrow and above its definition.
    pub attributes: Vec<Attributes<'a>>,
    /// Whether its ends are known: a domain of no factors may be `()`, or at fault.
    pub known: bool,
    /// How it is built and applied.
    pub body: Body<'a>,
}

/// How a morphism is built and applied.
pub enum Body<'a> {
    /// By the layers in the diagram.
    Layers,
    /// By the caller's module.
    Module {
        /// Its type.
        ty: &'a syn::Type,
        /// The configuration that builds it; the caller passes the module where there is none.
        config: Option<&'a syn::Expr>,
    },
    /// By a module of any type that is the right map.
    Slot {
        /// The type parameter that stands for it.
        parameter: Ident,
        /// Whether it is a parameter of its own, which the header does not have.
        own: bool,
    },
    /// By another method of the caller's module behind a morphism.
    Method {
        /// That morphism.
        of: MorphismId,
        /// The method.
        method: &'a Ident,
    },
    /// By a function or a closure of the caller's.
    Function(Function<'a>),
    /// By other morphisms, as its paths in the diagram say.
    Composite {
        /// Those morphisms where they only follow one another, each of one tensor to one; else none.
        chain: Vec<MorphismId>,
    },
    /// By a module like that behind a morphism, which it averages.
    Average {
        /// That morphism.
        of: MorphismId,
    },
    /// By a tensor of its own, which the initializer in the diagram draws.
    Parameter,
    /// Not known: it is at fault.
    Unknown,
}

/// A map without weights, as written.
#[derive(Clone, Copy)]
pub enum Function<'a> {
    /// `fn noise::salt`
    Named(&'a syn::ExprPath),
    /// `|x| x.exp()`
    Closure(&'a syn::ExprClosure),
}

/// What the code of a cell needs besides its ends.
pub struct CellPart<'a> {
    /// Its name.
    pub name: Option<Ident>,
    /// Where it stands.
    pub place: Place,
    /// What stands above it.
    pub attributes: Attributes<'a>,
    /// Trained or watched.
    pub role: CellRole,
    /// Where it stands among the diagram's cells; `None` where an end of it is at fault.
    pub index: Option<usize>,
    /// Its loss on its ends; `None` where it is at fault.
    pub measured: Option<Measured>,
    /// Whether more of it is better, as of an accuracy.
    pub higher_is_better: bool,
    /// What it is multiplied by; `None` where that is at fault.
    pub weight: Option<Weight>,
}

/// What the code of a loss needs besides its call.
pub struct Measured {
    /// The shapes of the ends.
    pub ends: Vec<Shape>,
    /// Where the ends stand.
    pub end_places: Vec<Place>,
    /// Where the arguments of a function of the user's stand.
    pub argument_places: Vec<Place>,
    /// What it is on these ends.
    pub typed: losses::Typed,
    /// The rank of the weight, where that is a path.
    pub weight: Option<usize>,
    /// The rank of the mask, if there is one.
    pub mask: Option<usize>,
}

impl<'a> CellPart<'a> {
    /// A cell of which no more is known.
    fn new(name: Option<Ident>, place: Place, attributes: Attributes<'a>, role: CellRole) -> Self {
        CellPart {
            name,
            place,
            attributes,
            role,
            index: None,
            measured: None,
            higher_is_better: false,
            weight: None,
        }
    }
}

/// What the passes share.
struct Lowering<'a, 'd> {
    tree: &'a tree::Diagram,
    diagnostics: &'d mut Diagnostics,
    /// The names of the diagram, and what is known of those that are missing.
    known: Known<'a>,
    scope: Scope,
    diagram: Diagram,
    parts: Parts<'a>,
    faulty: Faulty,
    asserted: Asserted,
}

/// The names of a diagram.
struct Known<'a> {
    names: Names,
    learned: LearnedNames,
    /// What paths to an object are compared by, where a cell names no loss.
    default_losses: HashMap<ObjectId, &'a tree::Loss>,
    /// Names that may be declared in what could not be read, or are declared by what is at fault: that
    /// they are missing is no fault of its own.
    lost: HashSet<String>,
    /// Whether something could not be read: what seems to be missing may stand there.
    unreadable: bool,
    /// What was said of a name that is declared nowhere: it is said once.
    said: HashSet<String>,
}

/// What the code needs besides the diagram, in step with its data, morphisms and cells.
#[derive(Default)]
struct Parts<'a> {
    data: Vec<DatumPart<'a>>,
    morphisms: Vec<MorphismPart<'a>>,
    cells: Vec<CellPart<'a>>,
}

/// Objects and morphisms at fault: what depends on them is silent.
#[derive(Default)]
struct Faulty {
    objects: HashSet<ObjectId>,
    morphisms: HashSet<MorphismId>,
    /// Morphisms that get no items.
    nameless: HashSet<MorphismId>,
}

/// What rustc is to check.
#[derive(Default)]
struct Asserted {
    assertions: Vec<Vec<Assertion>>,
    /// Whether the next assertion depends on those before it.
    together: bool,
}

/// Lowers one diagram; faults go to `diagnostics`.
pub fn lower<'a>(tree: &'a tree::Diagram, diagnostics: &mut Diagnostics) -> Lowered<'a> {
    let mut lowering = Lowering {
        tree,
        diagnostics,
        known: Known {
            names: Names::default(),
            learned: LearnedNames::default(),
            default_losses: HashMap::new(),
            lost: tree.lost.clone(),
            unreadable: tree.items.iter().any(|item| !item.whole),
            said: HashSet::new(),
        },
        scope: Scope::default(),
        diagram: Diagram {
            name: bare(&tree.name),
            documentation: first_paragraph(&tree.attributes),
            ..Diagram::default()
        },
        parts: Parts::default(),
        faulty: Faulty::default(),
        asserted: Asserted::default(),
    };
    lowering.attributes();
    lowering.header();
    lowering.unsupported();
    lowering.facts();
    lowering.objects();
    lowering.arrows();
    lowering.definitions();
    lowering.slots();
    lowering.cells();
    // Asked when every path is known.
    let embedded = indices::vectors(&lowering.diagram);
    lowering.diagram.index_ranges.extend(embedded);
    lowering.types_are_named();
    lowering.constants();
    lowering.whole();
    Lowered {
        tree,
        diagram: lowering.diagram,
        scope: lowering.scope,
        data: lowering.parts.data,
        morphisms: lowering.parts.morphisms,
        cells: lowering.parts.cells,
        assertions: lowering.asserted.assertions,
        nameless: lowering.faulty.nameless,
    }
}

impl Lowering<'_, '_> {
    fn fault(&mut self, place: Place, fault: Fault) {
        // A name that is declared nowhere is one fault, wherever it stands; one that is misspelt is one
        // at every place.
        let once = match fault.code {
            Code::UnknownDim | Code::UnknownHyper => true,
            Code::UnknownObject | Code::UnknownMorphism => fault.help.is_none(),
            _ => false,
        };
        if !once || self.known.said.insert(fault.message.clone()) {
            self.diagnostics.fault(place, fault);
        }
    }

    /// Records that a name is declared nowhere, unless it may be declared in what could not be read: it
    /// stands there, or no other name is near it.
    fn absent(&mut self, name: &Ident, fault: Fault) {
        let silent =
            self.known.lost.contains(&bare(name)) || self.known.unreadable && fault.help.is_none();
        if !silent {
            self.fault(name.span().into(), fault);
        }
    }

    /// Declares a name; a second declaration is a fault at both places, and `false`.
    fn declare(&mut self, name: &Ident, entity: Entity) -> bool {
        let place = Place::of(name.span());
        let unusable = match entity {
            Entity::Object(_) | Entity::Datum(_) | Entity::Space(..) => {
                names::without_field(&bare(name))
            }
            _ => None,
        };
        if let Some(fault) = unusable {
            self.fault(place, fault);
        }
        self.is_kept(name);
        let Err(first) = self.known.names.declare(bare(name), entity, place) else {
            return true;
        };
        let name = bare(name);
        self.fault(place, check::declared_twice(&name));
        self.fault(
            first,
            Fault::new(
                Code::DeclaredTwice,
                format!("`{name}` is declared here first"),
            ),
        );
        false
    }

    /// Whether generated code keeps a name to itself, which is a fault where it is declared.
    fn is_kept(&mut self, name: &Ident) -> bool {
        let fault = names::kept(&bare(name));
        let is_kept = fault.is_some();
        if let Some(fault) = fault {
            self.fault(name.span().into(), fault);
        }
        is_kept
    }

    /// Generics, hyper-parameters and dynamic dims.
    fn header(&mut self) {
        self.is_kept(&self.tree.name);
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
            if !self.declare(&hyper.name, Entity::Hyper) {
                continue;
            }
            self.scope.hypers.push(ScopedHyper {
                name: name.clone(),
                ty: hyper_type(&hyper.ty),
            });
            if field.is_some() {
                continue;
            }
            self.diagram.hypers.push(Hyper {
                name,
                ty: hyper_type(&hyper.ty),
                default: hyper
                    .default
                    .as_ref()
                    .map(|value| Snippet::from(value.text())),
            });
        }
        self.scope.lost.clone_from(&self.known.lost);
        for item in &self.tree.items {
            let ItemKind::Dynamics(dynamics) = &item.kind else {
                continue;
            };
            for name in dynamics {
                if self.declare(name, Entity::Dynamic) {
                    self.scope.dynamics.push(bare(name));
                    self.diagram.dynamics.push(bare(name));
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
