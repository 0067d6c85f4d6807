//! What the passes make: a diagram and, in step with it, what the code of its parts needs besides.

use std::collections::HashSet;

use diagram_core::{CellRole, Definition, Diagram, MorphismId, ObjectId, Shape, Weight};
use diagram_layers::losses;
use proc_macro2::Ident;

use crate::place::Place;
use crate::syntax::tree::Rust;

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
    pub(in crate::lower) fn new(
        name: Option<Ident>,
        place: Place,
        attributes: Attributes<'a>,
        role: CellRole,
    ) -> Self {
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

/// A diagram with the parts of its data, morphisms and cells.
pub(in crate::lower) struct Output<'a> {
    pub(in crate::lower) diagram: Diagram,
    pub(in crate::lower) data: Vec<DatumPart<'a>>,
    pub(in crate::lower) morphisms: Vec<MorphismPart<'a>>,
    pub(in crate::lower) cells: Vec<CellPart<'a>>,
}

impl<'a> Output<'a> {
    /// A diagram of which the header is known.
    pub(in crate::lower) fn of(diagram: Diagram) -> Self {
        Output {
            diagram,
            data: Vec::new(),
            morphisms: Vec::new(),
            cells: Vec::new(),
        }
    }

    pub(in crate::lower) fn part(&mut self, id: MorphismId) -> &mut MorphismPart<'a> {
        &mut self.morphisms[id.0]
    }

    /// What a morphism is made of, and how it is built.
    pub(in crate::lower) fn define(
        &mut self,
        id: MorphismId,
        definition: Definition,
        body: Body<'a>,
    ) {
        self.diagram.morphisms[id.0].definition = definition;
        self.part(id).body = body;
    }
}

/// Objects and morphisms at fault: what depends on them is silent.
#[derive(Default)]
pub(in crate::lower) struct Faulty {
    pub(in crate::lower) objects: HashSet<ObjectId>,
    pub(in crate::lower) morphisms: HashSet<MorphismId>,
    /// Morphisms that get no items.
    pub(in crate::lower) nameless: HashSet<MorphismId>,
    /// Faults of kinds in layers, by their positions, and the morphisms that have them.
    pub(in crate::lower) kinds: Vec<(usize, MorphismId)>,
}

impl Faulty {
    /// Whether an object is without fault.
    pub(in crate::lower) fn sound(&self, object: ObjectId) -> bool {
        !self.objects.contains(&object)
    }
}
