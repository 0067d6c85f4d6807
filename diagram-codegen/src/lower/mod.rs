//! From the tree as written to a checked [`Diagram`], with the code of its parts.
//!
//! Names are resolved, shapes computed, and every typing rule of `diagram_core::check` is asked; what
//! is at fault silences what depends on it. Declarations may stand in any order, so the passes are:
//! the header, the facts, the objects and data, the arrows, the definitions, the cells, and the rules about the
//! whole.

use std::collections::{HashMap, HashSet};

use diagram_core::{CellRole, Code, Diagram, Fault, Hyper, MorphismId, ObjectId, Product, Step};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};

use crate::diagnostic::Diagnostics;
use crate::layers::Field;
use crate::losses;
use crate::syntax::tree::{self, ItemKind, Place, Rust, bare};

mod adapters;
mod arrows;
pub(crate) mod attributes;
mod averages;
mod cells;
mod chain;
mod commutes;
mod composites;
pub mod constants;
mod definitions;
mod entries;
mod factors;
mod facts;
mod generics;
mod gradients;
mod learned;
mod measures;
mod methods;
pub mod names;
mod numbers;
mod objects;
mod parameters;
mod paths;
mod powers;
pub mod scope;
mod types;
mod undefined;
mod units;
mod unsupported;
mod weights;
mod whole;

pub use averages::Decay;
pub(crate) use chain::{input_idents, listed, tuple};
use constants::Assertion;
pub(crate) use gradients::LEARNED;
use learned::LearnedNames;
use names::{Entity, Names};
use scope::{HyperType, Scope, ScopedHyper};

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
    /// The code of each Rust constant that gradients are multiplied by, by its text.
    pub multiples: HashMap<String, TokenStream>,
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
    /// The runtime's value of its adapters, where the configuration is `self`.
    pub adapters: Option<TokenStream>,
}

/// How a morphism is built and applied.
pub enum Body<'a> {
    /// By layers: fields of a module of its own, and one expression a layer, where `x` is its input.
    Layers {
        /// The layers that need a field, by name.
        fields: Vec<(Ident, Field)>,
        /// What is done to `x`, in order.
        forward: Vec<TokenStream>,
        /// The dynamic dims that this reads, as variables of [`scope::dim_ident`]'s names.
        reads: Vec<String>,
        /// The modules of those fields that hold the copies of a `repeat`.
        copies: Vec<Copies>,
    },
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
        /// How much of it stays at a step.
        decay: Decay,
    },
    /// By a tensor of its own, which is built by this initializer.
    Parameter(TokenStream),
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

/// The module of the copies of a `repeat`, which keep the shape.
pub struct Copies {
    /// The field that holds the copies.
    pub field: Ident,
    /// The module's type.
    pub ty: Ident,
    /// The `repeat`, as written.
    pub text: String,
    /// The shapes before and after each copy.
    pub shape: Product,
    /// The steps of a copy.
    pub steps: Vec<Step>,
    /// The layers of a copy that need a field, by name.
    pub fields: Vec<(Ident, Field)>,
    /// What is done to `x`, in order.
    pub forward: Vec<TokenStream>,
    /// The dynamic dims that this reads.
    pub reads: Vec<String>,
    /// The modules of the copies inside a copy.
    pub copies: Vec<Copies>,
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
    /// Its loss; `None` where it is at fault.
    pub loss: Option<losses::Built>,
    /// Whether more of it is better, as of an accuracy.
    pub higher_is_better: bool,
    /// Its weight as an expression, where the model is `self`; `None` for the weight of its own that
    /// a named cell has as a field.
    pub weight: Option<TokenStream>,
    /// The default of that field.
    pub own_weight: Option<TokenStream>,
    /// The names of the learned arguments of its loss, in step with those.
    pub learned: Vec<String>,
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
            loss: None,
            higher_is_better: false,
            weight: None,
            own_weight: None,
            learned: Vec::new(),
        }
    }
}

/// What the passes share.
struct Lowering<'a, 'd> {
    tree: &'a tree::Diagram,
    diagnostics: &'d mut Diagnostics,
    names: Names,
    learned_names: LearnedNames,
    scope: Scope,
    diagram: Diagram,
    data: Vec<DatumPart<'a>>,
    morphisms: Vec<MorphismPart<'a>>,
    cells: Vec<CellPart<'a>>,
    multiples: HashMap<String, TokenStream>,
    assertions: Vec<Vec<Assertion>>,
    together: bool,
    /// What paths to an object are compared by, where a cell names no loss.
    metrics: HashMap<ObjectId, &'a tree::Loss>,
    /// Objects and morphisms at fault: what depends on them is silent.
    faulty_objects: HashSet<ObjectId>,
    faulty_morphisms: HashSet<MorphismId>,
    nameless: HashSet<MorphismId>,
    /// The morphisms that start with an `embedding`.
    vectors: entries::Vectors,
    /// Names that may be declared in what could not be read, or are declared by what is at fault: that
    /// they are missing is no fault of its own.
    lost: HashSet<String>,
    /// Whether something could not be read: what seems to be missing may stand there.
    unreadable: bool,
    /// What was said of a name that is declared nowhere: it is said once.
    said: HashSet<String>,
    /// The paths of Burn and of the runtime in generated code.
    burn: TokenStream,
    runtime: TokenStream,
}

/// Lowers one diagram; faults go to `diagnostics`.
pub fn lower<'a>(tree: &'a tree::Diagram, diagnostics: &mut Diagnostics) -> Lowered<'a> {
    let runtime = names::runtime(&tree.name);
    let mut lowering = Lowering {
        tree,
        diagnostics,
        names: Names::default(),
        learned_names: LearnedNames::default(),
        scope: Scope::default(),
        diagram: Diagram {
            name: bare(&tree.name),
            documentation: first_paragraph(&tree.attributes),
            ..Diagram::default()
        },
        data: Vec::new(),
        morphisms: Vec::new(),
        cells: Vec::new(),
        multiples: HashMap::new(),
        assertions: Vec::new(),
        together: false,
        metrics: HashMap::new(),
        faulty_objects: HashSet::new(),
        faulty_morphisms: HashSet::new(),
        nameless: HashSet::new(),
        vectors: entries::Vectors::new(),
        lost: tree.lost.clone(),
        unreadable: tree.items.iter().any(|item| !item.whole),
        said: HashSet::new(),
        burn: quote!(#runtime::burn),
        runtime: runtime.into_token_stream(),
    };
    lowering.attributes();
    lowering.header();
    lowering.unsupported();
    lowering.facts();
    lowering.objects();
    lowering.arrows();
    lowering.definitions();
    lowering.types_differ();
    lowering.slots();
    lowering.cells();
    lowering.embedded();
    lowering.types_are_named();
    lowering.constants();
    lowering.whole();
    let Lowering {
        diagram,
        scope,
        data,
        morphisms,
        cells,
        multiples,
        assertions,
        nameless,
        ..
    } = lowering;
    Lowered {
        tree,
        diagram,
        scope,
        data,
        morphisms,
        cells,
        multiples,
        assertions,
        nameless,
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
        if !once || self.said.insert(fault.message.clone()) {
            self.diagnostics.fault(place, fault);
        }
    }

    /// Records that a name is declared nowhere, unless it may be declared in what could not be read: it
    /// stands there, or no other name is near it.
    fn absent(&mut self, name: &Ident, fault: Fault) {
        let silent = self.lost.contains(&bare(name)) || self.unreadable && fault.help.is_none();
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
        let Err(first) = self.names.declare(bare(name), entity, place) else {
            return true;
        };
        let name = bare(name);
        // error: `Image` is declared twice [D0107]
        self.fault(
            place,
            Fault::new(Code::DeclaredTwice, format!("`{name}` is declared twice")),
        );
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
                ty: HyperType::of(&hyper.ty),
            });
            if field.is_some() {
                continue;
            }
            self.diagram.hypers.push(Hyper {
                name,
                type_name: hyper.ty.text(),
                default: hyper.default.as_ref().map(Rust::text),
            });
        }
        self.scope.lost.clone_from(&self.lost);
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
